package io.github.migrateboot.sample;

/**
 * Something that can be ordered.
 *
 * @param sku the article number
 * @param name the name
 * @param priceCents today's price
 */
record Product(String sku, String name, long priceCents) {

}
