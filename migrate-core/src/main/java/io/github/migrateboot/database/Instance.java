package io.github.migrateboot.database;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * One running application, as others see it in the database.
 *
 * @param host the host's name
 * @param pid the operating system's process id
 * @param application the application's name
 */
public record Instance(String host, long pid, String application) {

	/**
	 * Return this process.
	 * @param application the application's name
	 * @return the instance
	 */
	public static Instance current(String application) {
		return new Instance(hostName(), ProcessHandle.current().pid(), application);
	}

	private static String hostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown-host";
		}
	}

	/**
	 * Return host, pid and application in one line of at most 63 bytes, which is what
	 * PostgreSQL keeps of an {@code application_name}; only printable ASCII, anything
	 * else becomes {@code ?}.
	 * @return for example {@code migrate web-7f9c/4711 orders}
	 */
	public String label() {
		String label = ("migrate " + this.host + "/" + this.pid + " " + this.application).replaceAll("[^ -~]", "?");
		return (label.length() <= 63) ? label : label.substring(0, 63);
	}

	@Override
	public String toString() {
		return this.host + "/" + this.pid + " (" + this.application + ")";
	}

}
