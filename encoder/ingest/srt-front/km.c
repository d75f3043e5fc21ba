/* The format is that of libsrt's haicrypt/hcrypt_msg.h; the derivation, of haicrypt/hcrypt_sa.c. */
#include "km.h"
#include <nettle/nist-keywrap.h>
#include <nettle/pbkdf2.h>
#include <string.h>

#define COMMAND_KMREQ 3
#define FIXED 16 /* what comes before the salt */
#define SALT_MAX 16
#define SALT_USED 8
#define CHECK 8
#define KEY_MAX 32
#define ROUNDS 2048

static unsigned word16(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

static enum km_found parse(const uint8_t *message, size_t length, struct km *km) {
    if (length < FIXED) return KM_MALFORMED;
    size_t salt = (size_t)message[14] * 4, key = (size_t)message[15] * 4;
    size_t keys = (message[3] & 3) == 3 ? 2 : 1;
    if ((message[3] & 3) == 0 || (key != 16 && key != 24 && key != 32) || salt < SALT_USED || salt > SALT_MAX)
        return KM_MALFORMED;
    if (length != FIXED + salt + keys * key + CHECK) return KM_MALFORMED;
    km->salt = message + FIXED + salt - SALT_USED;
    km->wrapped = message + FIXED + salt;
    km->wrapped_length = keys * key + CHECK;
    km->key_length = key;
    return KM_FOUND;
}

enum km_found km_find(const uint8_t *extensions, size_t length, struct km *km) {
    while (length >= 4) {
        unsigned command = word16(extensions);
        size_t size = (size_t)word16(extensions + 2) * 4;
        if (size > length - 4) return KM_MALFORMED;
        if (command == COMMAND_KMREQ) return parse(extensions + 4, size, km);
        extensions += 4 + size;
        length -= 4 + size;
    }
    return KM_NONE;
}

int km_fits(const struct km *km, const char *passphrase) {
    static const uint8_t check[CHECK] = {0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6}; /* RFC 3394, 2.2.3.1 */
    uint8_t wrapping[KEY_MAX], keys[2 * KEY_MAX];
    union {
        struct aes128_ctx k16;
        struct aes192_ctx k24;
        struct aes256_ctx k32;
    } aes;
    size_t length = km->wrapped_length - CHECK;
    int fits;
    nettle_pbkdf2_hmac_sha1(strlen(passphrase), (const uint8_t *)passphrase, ROUNDS, SALT_USED, km->salt,
                            km->key_length, wrapping);
    if (km->key_length == 16) {
        aes128_set_decrypt_key(&aes.k16, wrapping);
        fits = aes128_keyunwrap(&aes.k16, check, length, keys, km->wrapped);
    } else if (km->key_length == 24) {
        aes192_set_decrypt_key(&aes.k24, wrapping);
        fits = aes192_keyunwrap(&aes.k24, check, length, keys, km->wrapped);
    } else {
        aes256_set_decrypt_key(&aes.k32, wrapping);
        fits = aes256_keyunwrap(&aes.k32, check, length, keys, km->wrapped);
    }
    explicit_bzero(wrapping, sizeof wrapping);
    explicit_bzero(keys, sizeof keys);
    explicit_bzero(&aes, sizeof aes);
    return fits;
}
