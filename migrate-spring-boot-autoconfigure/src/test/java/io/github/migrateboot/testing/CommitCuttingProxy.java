package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy in front of PostgreSQL that cuts one connection at the commit of one
 * transaction, as if the network failed at the worst moment. Other connections, and what
 * comes before on that one, pass.
 */
public final class CommitCuttingProxy implements AutoCloseable {

	private final ServerSocket listener;

	private final URI server;

	private final String mark;

	private final Moment moment;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private CommitCuttingProxy(URI server, String mark, Moment moment) {
		this.server = server;
		this.mark = mark;
		this.moment = moment;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		daemon(this::accept);
	}

	/**
	 * Start a proxy.
	 * @param url the server's JDBC URL, with host and port, and without TLS
	 * @param mark a statement of the transaction, as it is sent
	 * @param moment when to cut
	 * @return the proxy, which the caller closes
	 */
	public static CommitCuttingProxy to(String url, String mark, Moment moment) {
		return new CommitCuttingProxy(URI.create(url.substring("jdbc:".length())), mark, moment);
	}

	/**
	 * Return the URL that leads through this proxy.
	 * @param url the server's URL
	 * @return the same with the proxy's address
	 */
	public String url(String url) {
		return url.replace("//" + this.server.getAuthority() + "/",
				"//localhost:" + this.listener.getLocalPort() + "/");
	}

	/**
	 * Return whether a connection was cut.
	 * @return whether the moment has come
	 */
	public boolean hasCut() {
		return this.links.stream().anyMatch((link) -> link.cut);
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				Link link = new Link(client, new Socket(this.server.getHost(), this.server.getPort()));
				this.links.add(link);
				daemon(link::ask);
				daemon(link::answer);
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "commit-cutting-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.links.forEach(Link::close);
	}

	/**
	 * When a connection is cut.
	 */
	public enum Moment {

		/**
		 * The server gets everything up to the commit, and not the commit.
		 */
		BEFORE_THE_COMMIT,

		/**
		 * The server has committed and said so, and the client gets no answer to anything
		 * that it sent with the commit.
		 */
		AFTER_THE_COMMIT

	}

	/**
	 * One connection.
	 */
	private final class Link {

		private final Socket client;

		private final Socket server;

		private volatile boolean withheld;

		private volatile boolean cut;

		Link(Socket client, Socket server) {
			this.client = client;
			this.server = server;
		}

		void ask() {
			StringBuilder asked = new StringBuilder();
			copy(this.client, this.server, (data, out) -> {
				int before = asked.length();
				asked.append(text(data));
				int mark = asked.indexOf(CommitCuttingProxy.this.mark);
				int commit = (mark >= 0) ? asked.indexOf("COMMIT", mark) : -1;
				if (commit >= 0 && CommitCuttingProxy.this.moment == Moment.BEFORE_THE_COMMIT) {
					out.write(data, 0, Math.max(0, commit - before));
					return false;
				}
				this.withheld |= commit >= 0;
				out.write(data);
				return true;
			});
		}

		void answer() {
			StringBuilder answered = new StringBuilder();
			copy(this.server, this.client, (data, out) -> {
				if (!this.withheld) {
					out.write(data);
					return true;
				}
				answered.append(text(data));
				return answered.indexOf("COMMIT\0") < 0;
			});
		}

		private static String text(byte[] data) {
			return new String(data, StandardCharsets.ISO_8859_1);
		}

		private void copy(Socket from, Socket to, Forwarding forwarding) {
			byte[] buffer = new byte[65536];
			try (this.client; this.server) {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				for (int length = in.read(buffer); length != -1; length = in.read(buffer)) {
					byte[] data = new byte[length];
					System.arraycopy(buffer, 0, data, 0, length);
					if (!forwarding.forward(data, out)) {
						this.cut = true;
						return;
					}
				}
			}
			catch (IOException ex) {
				// One side has gone, and the other one is closed with it.
			}
		}

		void close() {
			try (this.client; this.server) {
				// Both are closed
			}
			catch (IOException ex) {
				// They have gone by themselves.
			}
		}

	}

	/**
	 * Passes on what has arrived.
	 */
	@FunctionalInterface
	private interface Forwarding {

		/**
		 * Return whether to go on; {@code false} cuts the connection.
		 */
		boolean forward(byte[] data, OutputStream out) throws IOException;

	}

}
