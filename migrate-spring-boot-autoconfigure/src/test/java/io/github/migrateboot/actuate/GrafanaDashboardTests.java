package io.github.migrateboot.actuate;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationListener.Outcome;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.MigratorStatus.State;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The dashboard for Grafana asks for what Prometheus has of a service that migrates.
 */
class GrafanaDashboardTests {

	/** What Prometheus adds to each sample. */
	private static final Set<String> TARGET = Set.of("job", "instance");

	private static final Pattern METRIC = Pattern.compile("\\b(migrate_\\w+)");

	private static final Pattern SELECTED = Pattern.compile("\\b(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPED = Pattern.compile("\\b(?:by|without|on)\\s*\\(([^)]*)\\)");

	private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

	private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)\\{([^}]*)} ");

	private final JsonNode dashboard = JsonMapper.builder()
		.build()
		.readTree(Path.of("..", "docs", "grafana", "migrate.json").toFile());

	private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

	/** The values of each label of each metric. */
	private final Map<String, Map<String, Set<String>>> samples = new HashMap<>();

	@BeforeEach
	void migrateInEveryWay() {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.registry));
		MigratorStatus status = new MigratorStatus(State.MIGRATING, Instant.now(), null, null, 1, null, null, null,
				null);
		List<MigrationListener> listeners = List.of(new MigrationMetrics(this.registry).create("orders", () -> status),
				new MigrationObservations(observations).create("orders", () -> status));
		Running running = new Running("1", "1_a.sql", 1, 1, Instant.now());
		for (MigrationListener listener : listeners) {
			listener.lockWaited(Duration.ofSeconds(1));
			listener.migrationRetried(running);
			for (Outcome outcome : Outcome.values()) {
				listener.migrationStarted(running);
				scrape();
				listener.migrationEnded(running, outcome, Duration.ofSeconds(1), null);
			}
			listener.completed(new MigrationReport(List.of("1"), List.of(), List.of(), 0, 1, Duration.ofSeconds(1),
					Duration.ofSeconds(2)));
		}
		scrape();
	}

	@Test
	void asksForMetricsThatAreThere() {
		assertThat(queries()).hasSizeGreaterThan(10)
			.allSatisfy((query) -> assertThat(found(METRIC, query)).isNotEmpty().isSubsetOf(this.samples.keySet()));
	}

	@Test
	void selectsAndGroupsByLabelsThatAreThere() {
		assertThat(targets()).isNotEmpty().allSatisfy((target) -> {
			String query = target.get("expr").asString();
			Set<String> used = new TreeSet<>(found(SELECTED, query));
			GROUPED.matcher(query).results().forEach((group) -> used.addAll(List.of(group.group(1).split(",\\s*"))));
			used.addAll(found(LEGEND, target.get("legendFormat").asString()));
			used.removeAll(TARGET);
			Set<String> known = found(METRIC, query).stream()
				.flatMap((metric) -> labels(metric).keySet().stream())
				.collect(Collectors.toSet());
			assertThat(used).as(query).isSubsetOf(known);
		});
	}

	@Test
	void selectsValuesThatAreThere() {
		for (String query : queries()) {
			SELECTED.matcher(query)
				.results()
				.filter((selected) -> !selected.group(2).startsWith("$"))
				.forEach((selected) -> assertThat(found(METRIC, query)).anySatisfy(
						(metric) -> assertThat(labels(metric).get(selected.group(1))).contains(selected.group(2))));
		}
		assertThat(queries()).anyMatch((query) -> query.contains("outcome=\"failed\""));
	}

	@Test
	void showsEachMeter() {
		Set<String> shown = queries().stream()
			.flatMap((query) -> found(METRIC, query).stream())
			.collect(Collectors.toSet());
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.extracting(Meter.Id::getName)
			.isNotEmpty()
			.filteredOn((name) -> !name.startsWith("migrate.migration") || name.equals("migrate.migrations"))
			.allSatisfy((name) -> assertThat(shown).anyMatch((metric) -> metric.startsWith(name.replace('.', '_'))));
	}

	@Test
	void variablesAreThoseThatTheQueriesHave() {
		Set<String> defined = stream(this.dashboard.at("/templating/list")).map((each) -> each.get("name").asString())
			.collect(Collectors.toSet());
		Set<String> used = queries().stream()
			.flatMap((query) -> found(Pattern.compile("\\$([a-z]\\w*)"), query).stream())
			.collect(Collectors.toSet());
		used.add("datasource");
		assertThat(used).isEqualTo(defined);
		assertThat(panels())
			.allSatisfy((panel) -> assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}"));
	}

	@Test
	void panelsDoNotCoverEachOther() {
		Set<String> taken = new HashSet<>();
		for (JsonNode panel : panels().toList()) {
			JsonNode grid = panel.get("gridPos");
			assertThat(grid.get("x").asInt() + grid.get("w").asInt()).isLessThanOrEqualTo(24);
			for (int x = grid.get("x").asInt(); x < grid.get("x").asInt() + grid.get("w").asInt(); x++) {
				for (int y = grid.get("y").asInt(); y < grid.get("y").asInt() + grid.get("h").asInt(); y++) {
					assertThat(taken.add(x + "," + y)).as(panel.get("title").asString()).isTrue();
				}
			}
		}
		assertThat(panels()).extracting((panel) -> panel.get("id").asInt()).doesNotHaveDuplicates();
	}

	private Map<String, Set<String>> labels(String metric) {
		return this.samples.getOrDefault(metric, Map.of());
	}

	private void scrape() {
		SAMPLE.matcher(this.registry.scrape()).results().forEach((sample) -> {
			Map<String, Set<String>> labels = this.samples.computeIfAbsent(sample.group(1), (name) -> new HashMap<>());
			SELECTED.matcher(sample.group(2))
				.results()
				.forEach((label) -> labels.computeIfAbsent(label.group(1), (name) -> new TreeSet<>())
					.add(label.group(2)));
		});
	}

	/**
	 * Return the queries of the panels and of the variables.
	 */
	private List<String> queries() {
		return Stream.concat(targets().map((target) -> target.get("expr").asString()),
				stream(this.dashboard.at("/templating/list"))
					.filter((variable) -> variable.get("type").asString().equals("query"))
					.map((variable) -> variable.at("/query/query").asString()))
			.toList();
	}

	private Stream<JsonNode> targets() {
		return panels().flatMap((panel) -> stream(panel.get("targets")));
	}

	private Stream<JsonNode> panels() {
		return stream(this.dashboard.get("panels"));
	}

	private static Stream<JsonNode> stream(JsonNode list) {
		return list.valueStream();
	}

	private static Set<String> found(Pattern pattern, String text) {
		Set<String> found = new TreeSet<>();
		Matcher matcher = pattern.matcher(text);
		while (matcher.find()) {
			found.add(matcher.group(1));
		}
		return found;
	}

}
