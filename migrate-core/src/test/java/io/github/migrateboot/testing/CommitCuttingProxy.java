package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy in front of PostgreSQL that cuts one connection at the commit of one
 * transaction, as if the network failed at the worst moment. Other connections, and what
 * comes before on that one, pass.
 */
public final class CommitCuttingProxy implements AutoCloseable {

	private final ProxyPort port;

	private final String mark;

	private final Moment moment;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private CommitCuttingProxy(String url, String mark, Moment moment) {
		this.mark = mark;
		this.moment = moment;
		this.port = new ProxyPort(url);
		this.port.start(this::connect);
	}

	/**
	 * Start a proxy.
	 * @param url the server's JDBC URL, with host and port, and without TLS
	 * @param mark a statement of the transaction, as it is sent
	 * @param moment when to cut
	 * @return the proxy, which the caller closes
	 */
	public static CommitCuttingProxy to(String url, String mark, Moment moment) {
		return new CommitCuttingProxy(url, mark, moment);
	}

	/**
	 * Return the URL that leads through this proxy.
	 * @param url the server's URL
	 * @return the same with the proxy's address
	 */
	public String url(String url) {
		return this.port.url(url);
	}

	/**
	 * Return whether a connection was cut.
	 * @return whether the moment has come
	 */
	public boolean hasCut() {
		return this.links.stream().anyMatch((link) -> link.cut);
	}

	private void connect(Socket client) throws IOException {
		Link link = new Link(client, this.port.connect());
		this.links.add(link);
		ProxyPort.daemon(link::ask);
		ProxyPort.daemon(link::answer);
	}

	@Override
	public void close() {
		this.port.close();
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
			ProxyPort.close(this.client);
			ProxyPort.close(this.server);
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
