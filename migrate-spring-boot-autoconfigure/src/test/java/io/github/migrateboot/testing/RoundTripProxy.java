package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between a client and a database server and counts round trips: how often the
 * client sent something after the server had answered.
 */
public final class RoundTripProxy implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):(\\d+)/");

	private final String url;

	private final String host;

	private final int port;

	private final ServerSocket listener;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final AtomicInteger roundTrips = new AtomicInteger();

	private RoundTripProxy(String url) throws IOException {
		Matcher address = ADDRESS.matcher(url);
		if (!address.find()) {
			throw new IllegalArgumentException("No host and port in the URL");
		}
		this.host = address.group(1);
		this.port = Integer.parseInt(address.group(2));
		this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.url = address.replaceFirst("//localhost:" + this.listener.getLocalPort() + "/");
		start(this::accept);
	}

	/**
	 * Start a proxy.
	 * @param url the JDBC URL of the server
	 * @return the proxy, which the caller closes
	 */
	public static RoundTripProxy to(String url) {
		try {
			return new RoundTripProxy(url);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the URL that leads through this proxy.
	 * @return the JDBC URL
	 */
	public String url() {
		return this.url;
	}

	/**
	 * Return the number of round trips so far, over all connections.
	 * @return the number
	 */
	public int roundTrips() {
		return this.roundTrips.get();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.listener.accept();
				Socket server = new Socket(this.host, this.port);
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				this.sockets.addAll(List.of(client, server));
				Turn turn = new Turn();
				start(() -> copy(client, server, turn, true));
				start(() -> copy(server, client, turn, false));
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private void copy(Socket from, Socket to, Turn turn, boolean fromClient) {
		byte[] buffer = new byte[65536];
		try (from; to) {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
				if (turn.begins(fromClient)) {
					this.roundTrips.incrementAndGet();
				}
				output.write(buffer, 0, length);
			}
		}
		catch (IOException ex) {
			// Closed
		}
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "round-trip-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
			for (Socket socket : this.sockets) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Whose turn it is to speak on one connection.
	 */
	private static final class Turn {

		private boolean clients;

		/**
		 * Return whether it is the client that speaks, and it did not speak last.
		 */
		synchronized boolean begins(boolean client) {
			boolean begins = client && !this.clients;
			this.clients = client;
			return begins;
		}

	}

}
