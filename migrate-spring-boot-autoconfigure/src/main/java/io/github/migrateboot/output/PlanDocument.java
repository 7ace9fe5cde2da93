package io.github.migrateboot.output;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.plan.PlannedFinding;
import io.github.migrateboot.plan.PlannedMigration;
import io.github.migrateboot.plan.PlannedStatement;
import io.github.migrateboot.plan.PlannedTable;
import io.github.migrateboot.plan.Refusal;
import io.github.migrateboot.safety.Finding;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

/**
 * Plans as a document of maps, lists, texts and numbers, which is the same in the file
 * and at the endpoint. What has no value is left out.
 *
 * @param texts whether texts of statements are shown, and what quotes them
 */
public record PlanDocument(boolean texts) {

	/** As Spring Boot's own endpoints have it. */
	private static final String MASK = "******";

	private static final int VERSION = 1;

	/**
	 * Write plans as JSON, with the texts of statements.
	 * @param plans the plans by database
	 * @return the JSON, in one line
	 */
	public static String json(Map<String, MigrationPlan> plans) {
		Map<String, Object> databases = new LinkedHashMap<>();
		plans.forEach((name, plan) -> databases.put(name, new PlanDocument(true).of(plan)));
		return JsonWriter.standard().writeToString(of(databases));
	}

	/**
	 * Return the document.
	 * @param databases what there is of each database
	 * @return the document
	 */
	public static Map<String, Object> of(Map<String, Object> databases) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("version", VERSION);
		document.put("databases", databases);
		return document;
	}

	/**
	 * Return the part of a document that is about one database.
	 * @param plan its plan
	 * @return the part
	 */
	public Map<String, Object> of(MigrationPlan plan) {
		Map<String, Object> database = new LinkedHashMap<>();
		database.put("database", plan.database());
		database.put("table", plan.table());
		put(database, "lock", plan.lock());
		put(database, "holder", holder(plan.holder()));
		database.put("applied", plan.applied());
		database.put("pending", plan.migrations().size());
		database.put("baselined", plan.baselined());
		database.put("ahead", plan.ahead());
		database.put("refusals", plan.refusals().stream().map(this::refusal).toList());
		database.put("migrations", plan.migrations().stream().map(this::migration).toList());
		return database;
	}

	private @Nullable Map<String, Object> holder(@Nullable LockHolder holder) {
		if (holder == null) {
			return null;
		}
		Map<String, Object> described = new LinkedHashMap<>();
		put(described, "session", holder.session());
		put(described, "instance", holder.instance());
		put(described, "since", (holder.since() != null) ? holder.since().toString() : null);
		put(described, "statement", textOrNull(holder.statement()));
		return described;
	}

	private Map<String, Object> refusal(Refusal refusal) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("description", this.texts ? refusal.description() : refusal.summary());
		described.put("action", refusal.action());
		return described;
	}

	private Map<String, Object> migration(PlannedMigration migration) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("version", migration.version());
		described.put("name", migration.name());
		described.put("checksum", migration.checksum());
		described.put("transaction", name(migration.transaction()));
		described.put("crash", name(migration.crash()));
		described.put("first", migration.first());
		described.put("statements", migration.statements().stream().map(this::statement).toList());
		described.put("tables", migration.tables().stream().map(PlanDocument::table).toList());
		described.put("findings", migration.findings().stream().map(this::finding).toList());
		described.put("warnings", migration.warnings().stream().map(this::text).toList());
		return described;
	}

	private Map<String, Object> statement(PlannedStatement statement) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("number", statement.number());
		described.put("line", statement.line());
		described.put("text", text(statement.text()));
		described.put("crash", name(statement.crash()));
		put(described, "reason", textOrNull(statement.reason()));
		return described;
	}

	private static Map<String, Object> table(PlannedTable table) {
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("name", table.name());
		described.put("created", table.created());
		put(described, "rows", table.rows());
		put(described, "bytes", table.bytes());
		put(described, "indexBytes", table.indexBytes());
		put(described, "totalBytes", table.totalBytes());
		return described;
	}

	private Map<String, Object> finding(PlannedFinding planned) {
		Finding finding = planned.finding();
		Map<String, Object> described = new LinkedHashMap<>();
		described.put("hazard", finding.hazard().id());
		described.put("line", finding.place().line());
		described.put("statement", finding.place().statement());
		put(described, "table", finding.table());
		put(described, "lock", finding.lock());
		described.put("effect", finding.effect());
		put(described, "remedy", textOrNull(finding.remedy()));
		described.put("measured", planned.measured());
		put(described, "allowed", planned.allowed());
		return described;
	}

	private String text(String text) {
		return this.texts ? text : MASK;
	}

	private @Nullable String textOrNull(@Nullable String text) {
		return (text != null) ? text(text) : null;
	}

	private static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	private static void put(Map<String, Object> map, String name, @Nullable Object value) {
		if (value != null) {
			map.put(name, value);
		}
	}

}
