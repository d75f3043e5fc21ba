/* The key material of a handshake: the stream's key, wrapped by a key that is derived from the passphrase. */
#ifndef KM_H
#define KM_H
#include <stddef.h>
#include <stdint.h>

struct km {
    const uint8_t *salt; /* the 8 bytes that the derivation takes */
    const uint8_t *wrapped;
    size_t wrapped_length; /* one key or two, and 8 bytes of check */
    size_t key_length;     /* bytes: 16, 24 or 32 */
};

enum km_found { KM_NONE, KM_FOUND, KM_MALFORMED };

enum km_found km_find(const uint8_t *extensions, size_t length, struct km *km);

/* 1 where the passphrase unwraps the key. Costs 2048 rounds of HMAC-SHA1: milliseconds. */
int km_fits(const struct km *km, const char *passphrase);
#endif
