package io.github.migrateboot.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import io.github.migrateboot.testing.ProxyPort;
import io.github.migrateboot.testing.TestDatabase;

/**
 * A network that can be made worse, between one process and its server.
 */
public final class FaultyProxy implements AutoCloseable {

	private final ProxyPort port;

	private final TestDatabase database;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile Duration delay = Duration.ZERO;

	private volatile boolean stalled;

	/**
	 * Create a network that is good.
	 * @param database what it leads to
	 */
	public FaultyProxy(TestDatabase database) {
		this.database = database;
		this.port = new ProxyPort(database.url());
		this.port.start((client) -> {
			this.sockets.add(client);
			ProxyPort.daemon(() -> connect(client));
		});
	}

	/**
	 * Return the same database, through this network.
	 * @return the database
	 */
	public TestDatabase through() {
		return this.database.at(this.port.url(this.database.url()));
	}

	void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Let nothing through, in either direction; connections are still accepted.
	 * @param stalled whether to
	 */
	public void stall(boolean stalled) {
		this.stalled = stalled;
	}

	/**
	 * Reset every connection; new ones can be opened.
	 */
	public void cut() {
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

	private void connect(Socket client) {
		try {
			Socket server = this.port.connect();
			this.sockets.add(server);
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
			ProxyPort.daemon(() -> copy(client, server));
			copy(server, client);
		}
		catch (IOException ex) {
			ProxyPort.close(client);
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

	@Override
	public void close() {
		this.port.close();
		cut();
	}

}
