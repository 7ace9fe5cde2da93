package io.github.migrateboot.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.testing.TestDatabase;

/**
 * A network that can be made worse, between one process and its server.
 */
final class FaultyProxy implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):(\\d+)/");

	private final ServerSocket listener;

	private final TestDatabase database;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile Duration delay = Duration.ZERO;

	private volatile boolean stalled;

	FaultyProxy(TestDatabase database) {
		this.database = database;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		daemon(this::accept);
	}

	/**
	 * Return the same database, through this network.
	 */
	TestDatabase through() {
		return this.database.at(address().replaceFirst("//localhost:" + this.listener.getLocalPort() + "/"));
	}

	private Matcher address() {
		Matcher address = ADDRESS.matcher(this.database.url());
		if (!address.find()) {
			throw new IllegalStateException("No address in " + this.database);
		}
		return address;
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	void stall(boolean stalled) {
		this.stalled = stalled;
	}

	/**
	 * Reset every connection; new ones can be opened.
	 */
	void cut() {
		for (Socket socket : this.sockets) {
			try {
				socket.setSoLinger(true, 0);
				socket.close();
			}
			catch (IOException ex) {
				// It has gone by itself.
			}
		}
		this.sockets.clear();
	}

	private void accept() {
		Matcher address = address();
		while (!this.listener.isClosed()) {
			try {
				Socket client = this.listener.accept();
				this.sockets.add(client);
				daemon(() -> connect(client, address.group(1), Integer.parseInt(address.group(2))));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void connect(Socket client, String host, int port) {
		try {
			Socket server = new Socket(host, port);
			this.sockets.add(server);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			daemon(() -> copy(client, server));
			copy(server, client);
		}
		catch (IOException ex) {
			close(client);
		}
	}

	private void copy(Socket from, Socket to) {
		byte[] buffer = new byte[65536];
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int length = in.read(buffer); length != -1; length = in.read(buffer)) {
				LockSupport.parkNanos(this.delay.toNanos());
				while (this.stalled && !from.isClosed()) {
					LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
				}
				out.write(buffer, 0, length);
				out.flush();
			}
		}
		catch (IOException ex) {
			// One side has gone, and the other one is closed with it.
		}
		finally {
			this.sockets.remove(from);
			this.sockets.remove(to);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It has gone by itself.
		}
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "faulty-proxy");
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
		cut();
	}

}
