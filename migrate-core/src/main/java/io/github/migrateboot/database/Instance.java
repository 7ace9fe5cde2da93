package io.github.migrateboot.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One running application, as others see it in the database. A value, and thread-safe.
 */
public final class Instance {

	private final String application;

	/** Looks up where this process is; {@code null} if somebody has said it. */
	private final @Nullable Supplier<Place> lookup;

	private volatile @Nullable Place place;

	/**
	 * Create an instance.
	 * @param host the host's name
	 * @param pid the operating system's process id
	 * @param application the application's name
	 */
	public Instance(String host, long pid, String application) {
		this.application = application;
		this.lookup = null;
		this.place = new Place(host, pid);
	}

	Instance(String application, Supplier<Place> lookup) {
		this.application = application;
		this.lookup = lookup;
	}

	/**
	 * Return this process. Its host's name is looked up when it is needed, because that
	 * takes time.
	 * @param application the application's name
	 * @return the instance
	 */
	public static Instance current(String application) {
		return new Instance(application, Place::current);
	}

	/**
	 * Return this instance as it is now: a process that is restored from a checkpoint may
	 * be on another host than before.
	 * @return another instance if this one is this process, otherwise the same
	 */
	public Instance now() {
		return (this.lookup != null) ? new Instance(this.application, this.lookup) : this;
	}

	/**
	 * Return the host's name.
	 * @return the name
	 */
	public String host() {
		return place().host();
	}

	/**
	 * Return the operating system's process id.
	 * @return the process id
	 */
	public long pid() {
		return place().pid();
	}

	/**
	 * Return the application's name.
	 * @return the name
	 */
	public String application() {
		return this.application;
	}

	private Place place() {
		Place place = this.place;
		if (place == null) {
			place = Objects.requireNonNull(this.lookup).get();
			this.place = place;
		}
		return place;
	}

	/**
	 * Return host, pid and application in one line of at most 63 bytes, which is what
	 * PostgreSQL keeps of an {@code application_name}; only printable ASCII, anything
	 * else becomes {@code ?}.
	 * @return for example {@code migrate web-7f9c/4711 orders}
	 */
	public String label() {
		String label = ("migrate " + place() + " " + this.application).replaceAll("[^ -~]", "?");
		return (label.length() <= 63) ? label : label.substring(0, 63);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Instance instance && place().equals(instance.place())
				&& this.application.equals(instance.application);
	}

	@Override
	public int hashCode() {
		return Objects.hash(place(), this.application);
	}

	@Override
	public String toString() {
		return place() + " (" + this.application + ")";
	}

	/**
	 * Where a process is.
	 *
	 * @param host the host's name
	 * @param pid the operating system's process id
	 */
	record Place(String host, long pid) {

		private static Place current() {
			return new Place(hostName(), ProcessHandle.current().pid());
		}

		private static String hostName() {
			try {
				return InetAddress.getLocalHost().getHostName();
			}
			catch (UnknownHostException ex) {
				return "unknown-host";
			}
		}

		@Override
		public String toString() {
			return this.host + "/" + this.pid;
		}

	}

}
