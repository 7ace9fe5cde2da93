package io.github.migrateboot.actuate;

import java.util.Map;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for {@link MigrateEndpoint}, which
 * knows who asks. What the operations that change something answer has no texts of
 * statements in it, so they are those of the endpoint.
 */
@EndpointWebExtension(endpoint = MigrateEndpoint.class)
public class MigrateEndpointWebExtension {

	private final MigrateEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showValues when texts of statements are shown
	 * @param roles the roles of whom they are shown to, with
	 * {@link Show#WHEN_AUTHORIZED}; if there are none, anybody who is authenticated
	 */
	public MigrateEndpointWebExtension(MigrateEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Describe what is being migrated and what has been, with the texts of statements if
	 * whoever asks may see them.
	 * @param securityContext who asks
	 * @return the description
	 */
	@ReadOperation
	public MigrateDescriptor migrations(SecurityContext securityContext) {
		return this.delegate.describe(StatementTexts.of(this.showValues.isShown(securityContext, this.roles)));
	}

	/**
	 * Say what a start would do now, with the texts of statements if whoever asks may see
	 * them.
	 * @param securityContext who asks
	 * @param what {@code plan}
	 * @return the plan of each database; 404 if something else is asked for
	 */
	@ReadOperation
	public WebEndpointResponse<Map<String, Object>> plan(SecurityContext securityContext, @Selector String what) {
		return this.delegate.plan(what, this.showValues.isShown(securityContext, this.roles));
	}

}
