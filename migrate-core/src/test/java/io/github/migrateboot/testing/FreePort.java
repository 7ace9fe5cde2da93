package io.github.migrateboot.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a port for a server that is started, and perhaps started again later.
 */
final class FreePort {

	// Below the ports that operating systems give to outgoing connections, one of which
	// could have taken the server's port while it was down.
	private static final int FIRST = 20000;

	private static final int LAST = 32000;

	private FreePort() {
	}

	static int find() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// taken; another one may be free
			}
		}
	}

}
