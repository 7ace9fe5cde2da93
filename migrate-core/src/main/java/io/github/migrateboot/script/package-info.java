/**
 * Migration files: find them, parse dbmate's grammar, split a section into statements.
 */
@NullMarked
package io.github.migrateboot.script;

import org.jspecify.annotations.NullMarked;
