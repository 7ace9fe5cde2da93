/**
 * One class a database: recognise it, know what it can do, put its session back.
 */
@NullMarked
package io.github.migrateboot.database;

import org.jspecify.annotations.NullMarked;
