package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy that counts round trips: how often the server answers after the client has
 * spoken. It can also do what networks do: delay, lose what is sent without a word, or
 * cut.
 */
public final class CountingProxy implements AutoCloseable {

	private final ProxyPort port;

	private final int delayMillis;

	private final AtomicInteger roundTrips = new AtomicInteger();

	private final AtomicInteger connections = new AtomicInteger();

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private volatile boolean refusing;

	private CountingProxy(String url, int delayMillis) {
		this.delayMillis = delayMillis;
		this.port = new ProxyPort(url);
		this.port.start(this::connect);
	}

	/**
	 * Start a proxy in front of the server that a URL leads to.
	 * @param url a JDBC URL with host and port
	 * @return the proxy, which the caller closes
	 */
	public static CountingProxy to(String url) {
		return to(url, 0);
	}

	/**
	 * Start a proxy that delays.
	 * @param url a JDBC URL with host and port
	 * @param delayMillis how much longer a round trip takes through the proxy
	 * @return the proxy, which the caller closes
	 */
	public static CountingProxy to(String url, int delayMillis) {
		return new CountingProxy(url, delayMillis);
	}

	/**
	 * Return the URL that leads through this proxy.
	 * @param url the server's URL
	 * @return the same with the proxy's address
	 */
	public String url(String url) {
		return this.port.url(url);
	}

	public int port() {
		return this.port.number();
	}

	public int roundTrips() {
		return this.roundTrips.get();
	}

	public int connections() {
		return this.connections.get();
	}

	public void reset() {
		this.roundTrips.set(0);
		this.connections.set(0);
	}

	/**
	 * From now on, lose everything that is sent over the connections there are, in both
	 * directions, as a firewall does that has forgotten them. New connections work.
	 */
	public void blackHole() {
		this.links.forEach(Link::blackHole);
	}

	/**
	 * Cut the connections there are.
	 */
	public void cut() {
		this.links.forEach(Link::close);
	}

	/**
	 * Refuse or accept new connections.
	 * @param refusing whether to refuse them
	 */
	public void refuse(boolean refusing) {
		this.refusing = refusing;
	}

	private void connect(Socket client) throws IOException {
		try {
			if (this.refusing) {
				client.close();
				return;
			}
			Socket server = this.port.connect();
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			this.connections.incrementAndGet();
			Conversation conversation = new Conversation(this.roundTrips);
			Link link = new Link(client, server);
			this.links.add(link);
			ProxyPort.daemon(() -> copy(link, client, server, conversation::clientSpeaks));
			if (this.delayMillis == 0) {
				ProxyPort.daemon(() -> copy(link, server, client, conversation::serverSpeaks));
			}
			else {
				delayedCopy(server, client, conversation);
			}
		}
		catch (ConnectException ex) {
			// The server is not up.
			client.close();
		}
	}

	private void copy(Link link, Socket from, Socket to, Runnable onData) {
		byte[] buffer = new byte[65536];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int length = in.read(buffer); length != -1; length = in.read(buffer)) {
				onData.run();
				if (!link.lost) {
					out.write(buffer, 0, length);
					out.flush();
				}
			}
		}
		catch (IOException ex) {
			// One side has gone, and the other one is closed with it.
		}
		if (link.lost) {
			// The other side does not learn of it.
			ProxyPort.close(from);
		}
		else {
			this.links.remove(link);
			link.close();
		}
	}

	/**
	 * Deliver each answer when its time has come, whatever comes behind it.
	 */
	private void delayedCopy(Socket from, Socket to, Conversation conversation) {
		LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
		ProxyPort.daemon(() -> {
			byte[] buffer = new byte[65536];
			try (from) {
				InputStream in = from.getInputStream();
				for (int length = in.read(buffer); length != -1; length = in.read(buffer)) {
					conversation.serverSpeaks();
					answers.add(new Answer(Arrays.copyOf(buffer, length), due()));
				}
			}
			catch (IOException ex) {
				// The end, as below.
			}
			answers.add(new Answer(new byte[0], due()));
		});
		ProxyPort.daemon(() -> {
			try (to) {
				OutputStream out = to.getOutputStream();
				for (Answer answer = answers.take(); answer.bytes().length > 0; answer = answers.take()) {
					TimeUnit.NANOSECONDS.sleep(answer.due() - System.nanoTime());
					out.write(answer.bytes());
					out.flush();
				}
			}
			catch (IOException | InterruptedException ex) {
				// The client has gone, and the server is closed by the other direction.
			}
		});
	}

	private long due() {
		return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(this.delayMillis);
	}

	@Override
	public void close() {
		this.port.close();
		cut();
	}

	/**
	 * The two sides of one connection.
	 */
	private static final class Link {

		private final Socket client;

		private final Socket server;

		private volatile boolean lost;

		Link(Socket client, Socket server) {
			this.client = client;
			this.server = server;
		}

		void blackHole() {
			this.lost = true;
		}

		void close() {
			ProxyPort.close(this.client);
			ProxyPort.close(this.server);
		}

	}

	/**
	 * What the server has said.
	 *
	 * @param bytes what it said; nothing at the end
	 * @param due when it is to be delivered
	 */
	private record Answer(byte[] bytes, long due) {

	}

	/**
	 * Who spoke last on one connection.
	 */
	private static final class Conversation {

		private final AtomicInteger roundTrips;

		private boolean clientSpokeLast;

		Conversation(AtomicInteger roundTrips) {
			this.roundTrips = roundTrips;
		}

		synchronized void clientSpeaks() {
			this.clientSpokeLast = true;
		}

		synchronized void serverSpeaks() {
			if (this.clientSpokeLast) {
				this.roundTrips.incrementAndGet();
			}
			this.clientSpokeLast = false;
		}

	}

}
