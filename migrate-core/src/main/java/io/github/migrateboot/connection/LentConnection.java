package io.github.migrateboot.connection;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * A borrowed connection for whoever only knows how to close or abort one: closing gives
 * it back as it was, aborting discards it.
 */
final class LentConnection implements InvocationHandler {

	private final BorrowedConnection lent;

	private final AtomicBoolean ended = new AtomicBoolean();

	private LentConnection(BorrowedConnection lent) {
		this.lent = lent;
	}

	static Connection of(BorrowedConnection lent) {
		return (Connection) Proxy.newProxyInstance(LentConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, new LentConnection(lent));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
		return switch (method.getName()) {
			case "equals" -> arguments != null && proxy == arguments[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "isClosed" -> this.ended.get() || this.lent.connection().isClosed();
			case "close" -> end(this.lent::close);
			case "abort" -> end(this.lent::discard);
			default -> call(method, arguments);
		};
	}

	private @Nullable Object end(Runnable way) {
		if (this.ended.compareAndSet(false, true)) {
			way.run();
		}
		return null;
	}

	private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
		if (this.ended.get() && method.getDeclaringClass() == Connection.class) {
			throw new SQLException("The connection has been given back", "08003");
		}
		try {
			return method.invoke(this.lent.connection(), arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

}
