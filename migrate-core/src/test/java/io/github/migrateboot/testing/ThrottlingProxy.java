package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A slow link: lets through so many bytes a second, each way.
 */
public final class ThrottlingProxy implements AutoCloseable {

	private static final int SLICES_PER_SECOND = 50;

	private final ProxyPort port;

	private final int sliceSize;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private ThrottlingProxy(String url, int bytesPerSecond) {
		this.sliceSize = bytesPerSecond / SLICES_PER_SECOND;
		this.port = new ProxyPort(url);
		this.port.start((client) -> {
			Socket server = this.port.connect();
			this.sockets.add(client);
			this.sockets.add(server);
			ProxyPort.daemon(() -> copy(client, server));
			ProxyPort.daemon(() -> copy(server, client));
		});
	}

	/**
	 * Start a slow link to the server that a URL leads to.
	 * @param url a JDBC URL with host and port
	 * @param bytesPerSecond how fast it is
	 * @return the link, which the caller closes
	 */
	public static ThrottlingProxy to(String url, int bytesPerSecond) {
		return new ThrottlingProxy(url, bytesPerSecond);
	}

	/**
	 * Return the same database over this link.
	 * @param database the database
	 * @return the database at another URL
	 */
	public TestDatabase through(TestDatabase database) {
		return database.at(this.port.url(database.url()));
	}

	private void copy(Socket from, Socket to) {
		byte[] slice = new byte[this.sliceSize];
		try (from; to) {
			from.setTcpNoDelay(true);
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int length = in.read(slice); length != -1; length = in.read(slice)) {
				out.write(slice, 0, length);
				TimeUnit.MICROSECONDS.sleep(1_000_000L * length / this.sliceSize / SLICES_PER_SECOND);
			}
		}
		catch (IOException ex) {
			// One side has gone, and the other one is closed with it.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.port.close();
		this.sockets.forEach(ProxyPort::close);
	}

}
