/* Addresses and JSON strings. */
#ifndef TEXT_H
#define TEXT_H
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_MAX 64

/* `192.0.2.1:4000` or `[2001:db8::1]:4000`; an IPv4 address that IPv6 carries is written as IPv4. */
void text_address(const struct sockaddr *address, char out[ADDRESS_MAX]);

/* The text between a JSON string's quotes, cut where `out` is full. */
void text_json(const char *text, char *out, size_t size);

/* Milliseconds on a clock that never goes back. */
int64_t text_now_ms(void);
#endif
