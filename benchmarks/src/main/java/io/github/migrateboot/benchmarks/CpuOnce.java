package io.github.migrateboot.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

import io.github.migrateboot.autoconfigure.MigrationStrategy;
import io.github.migrateboot.benchmarks.FreshJvm.Reported;

import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that starts with the starter and says how much processor time its main
 * thread spent on the starter's beans, and on the run.
 */
@Configuration(proxyBeanMethods = false)
class CpuOnce {

	/** A figure that is reported: milliseconds for the beans. */
	static final String BEANS = "beans";

	/** The other one: milliseconds for the run. */
	static final String RUN = "run";

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	/**
	 * Runs on the main thread, as without it.
	 */
	@Bean
	MigrationStrategy timedStrategy() {
		return (migrator) -> {
			long start = THREADS.getCurrentThreadCpuTime();
			migrator.migrate();
			Reported.report(RUN, (THREADS.getCurrentThreadCpuTime() - start) / 1e6);
		};
	}

	public static void main(String[] args) {
		BeanTimes times = new BeanTimes(THREADS::getCurrentThreadCpuTime, CpuOnce::isOfStarter);
		SpringApplication application = StartOnce.application(StartOnce.class, CpuOnce.class);
		application.setApplicationStartup(times);
		application.run(args).close();
		Reported.report(BEANS, times.total() / 1e6);
	}

	private static boolean isOfStarter(String bean) {
		return bean.startsWith("migrate") || bean.startsWith("io.github.migrateboot.autoconfigure")
				|| bean.startsWith("io.github.migrateboot.actuate");
	}

}
