/**
 * What is written for people and for pipelines: the plan as text, Markdown and JSON, and
 * what the build has left to be read.
 */
@NullMarked
package io.github.migrateboot.output;

import org.jspecify.annotations.NullMarked;
