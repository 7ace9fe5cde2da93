package io.github.migrateboot.sample;

/**
 * Somebody who places orders.
 *
 * @param id the id that was given on creation
 * @param name the name
 * @param email the address for messages
 */
record Customer(String id, String name, String email) {

}
