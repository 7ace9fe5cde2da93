package io.github.migrateboot.plan;

/**
 * Why a start would stop.
 *
 * @param description what is the matter, in sentences
 * @param summary the same without the text of statements and the words of the database
 * @param action what to do now, in sentences
 */
public record Refusal(String description, String summary, String action) {

}
