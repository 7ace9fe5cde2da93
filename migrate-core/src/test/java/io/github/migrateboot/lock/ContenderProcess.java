package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.TestDatabase;

/**
 * Takes the lock in a process of its own.
 */
final class ContenderProcess {

	private ContenderProcess() {
	}

	/**
	 * Start a process that takes the lock and keeps it.
	 */
	static ChildJvm holding(TestDatabase database, LockChoice choice) {
		return start(database, choice, "hold", "");
	}

	/**
	 * Start a process that takes the lock and then executes a statement on the migrating
	 * connection.
	 */
	static ChildJvm executing(TestDatabase database, LockChoice choice, String sql) {
		return start(database, choice, "execute", sql);
	}

	/**
	 * Start a process that takes the lock many times, and each time reads the number in
	 * the table {@code counter} and writes it back increased.
	 */
	static ChildJvm counting(TestDatabase database, LockChoice choice, int times) {
		return start(database, choice, "count", Integer.toString(times));
	}

	private static ChildJvm start(TestDatabase database, LockChoice choice, String what, String argument) {
		return ChildJvm.start(ContenderProcess.class, database.url(), database.user(), database.password(),
				choice.name(), what, argument);
	}

	public static void main(String[] args) throws Exception {
		Contender contender = new Contender(args[0], args[1], args[2],
				Contender.Options.DEFAULTS.withApplication("child").withChoice(LockChoice.valueOf(args[3])));
		switch (args[4]) {
			case "hold" -> {
				contender.acquire().verify();
				System.out.println("HOLDS THE LOCK");
				new CountDownLatch(1).await();
			}
			case "execute" -> {
				contender.acquire().verify();
				System.out.println("HOLDS THE LOCK");
				Jdbc.execute(contender.connection, args[5]);
				System.out.println("executed");
			}
			default -> count(contender, Integer.parseInt(args[5]));
		}
	}

	private static void count(Contender contender, int times) throws SQLException {
		Connection connection = contender.connection;
		for (int i = 0; i < times; i++) {
			try (MigrationLock lock = contender.acquire()) {
				int number = Integer.parseInt(String.valueOf(Jdbc.value(connection, "SELECT n FROM counter")));
				Jdbc.execute(connection, "UPDATE counter SET n = ? WHERE " + lock.condition(), number + 1);
			}
		}
		contender.close();
	}

}
