package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The port of a proxy on this machine, and the server behind it.
 */
public final class ProxyPort implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("//([^:/]+):(\\d+)/");

	private static final int BACKLOG = 200;

	private final ServerSocket listener;

	private final String host;

	private final int port;

	/**
	 * Open a port.
	 * @param url the server's JDBC URL, with host and port
	 */
	public ProxyPort(String url) {
		Matcher address = address(url);
		this.host = address.group(1);
		this.port = Integer.parseInt(address.group(2));
		try {
			this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Accept connections from now on, until one can't be handled.
	 * @param handler gets them
	 */
	public void start(Handler handler) {
		daemon(() -> {
			try {
				while (!this.listener.isClosed()) {
					handler.handle(this.listener.accept());
				}
			}
			catch (IOException ex) {
				// Closed.
			}
		});
	}

	/**
	 * Connect to the server behind this port.
	 * @return the connection
	 * @throws IOException if the server is not there
	 */
	public Socket connect() throws IOException {
		return new Socket(this.host, this.port);
	}

	/**
	 * Return the URL that leads to this port.
	 * @param url the server's URL
	 * @return the same with this address
	 */
	public String url(String url) {
		return address(url).replaceFirst("//localhost:" + number() + "/");
	}

	public int number() {
		return this.listener.getLocalPort();
	}

	private static Matcher address(String url) {
		Matcher address = ADDRESS.matcher(url);
		if (!address.find()) {
			throw new IllegalArgumentException("No host and port in " + url);
		}
		return address;
	}

	/**
	 * Run something that doesn't keep the process alive.
	 * @param task what to run
	 */
	public static void daemon(Runnable task) {
		Thread thread = new Thread(task, "proxy");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Close one side of a connection, which may have gone by itself.
	 * @param socket the side
	 */
	public static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// It is of no use any more.
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Takes connections of clients.
	 */
	@FunctionalInterface
	public interface Handler {

		/**
		 * Take a connection.
		 * @param client the client's side
		 * @throws IOException to accept no more of them
		 */
		void handle(Socket client) throws IOException;

	}

}
