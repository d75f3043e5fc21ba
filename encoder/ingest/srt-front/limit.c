/* Buckets that leak: one for all hosts, and one for each of those that were counted last. */
#include "limit.h"
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#define HOSTS 64

struct bucket {
    uint8_t host[16];
    int64_t empty_at_ms;
};

struct size {
    int capacity;
    int leak_ms; /* the time in which one leaks */
};

static struct table {
    const struct size host, all;
    struct bucket together, hosts[HOSTS];
} tables[] = {
    /* A caller that is refused tries a few times a second. */
    [LIMIT_HANDSHAKES] = {.host = {20, 100}, .all = {100, 20}},
    /* Two passphrases at 40 a second are at most a tenth of a core. */
    [LIMIT_PASSPHRASES] = {.host = {10, 500}, .all = {40, 25}},
};

/* An IPv6 network of 64 bits is one host: its owner has all of its addresses. */
static void host_of(const struct sockaddr *peer, uint8_t host[16]) {
    memset(host, 0, 16);
    if (peer->sa_family == AF_INET) {
        memcpy(host, &((const struct sockaddr_in *)peer)->sin_addr, 4);
        return;
    }
    const struct in6_addr *address = &((const struct sockaddr_in6 *)peer)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(address))
        memcpy(host, &address->s6_addr[12], 4);
    else
        memcpy(host, address, 8);
}

static struct bucket *find(struct table *table, const uint8_t host[16]) {
    for (int i = 0; i < HOSTS; i++)
        if (memcmp(table->hosts[i].host, host, 16) == 0) return &table->hosts[i];
    return NULL;
}

/* A bucket for a host that has none: the one that has been empty longest, or will be first. */
static struct bucket *take(struct table *table, const uint8_t host[16]) {
    struct bucket *oldest = &table->hosts[0];
    for (int i = 1; i < HOSTS; i++)
        if (table->hosts[i].empty_at_ms < oldest->empty_at_ms) oldest = &table->hosts[i];
    memcpy(oldest->host, host, 16);
    oldest->empty_at_ms = 0;
    return oldest;
}

static bool full(const struct bucket *bucket, const struct size *size, int64_t now_ms) {
    return bucket->empty_at_ms - now_ms > (int64_t)(size->capacity - 1) * size->leak_ms;
}

static void fill(struct bucket *bucket, const struct size *size, int64_t now_ms) {
    if (bucket->empty_at_ms < now_ms) bucket->empty_at_ms = now_ms;
    bucket->empty_at_ms += size->leak_ms;
}

bool limit_reached(enum limit limit, const struct sockaddr *peer, int64_t now_ms) {
    struct table *table = &tables[limit];
    uint8_t host[16];
    host_of(peer, host);
    const struct bucket *own = find(table, host);
    return full(&table->together, &table->all, now_ms) || (own != NULL && full(own, &table->host, now_ms));
}

void limit_count(enum limit limit, const struct sockaddr *peer, int64_t now_ms) {
    struct table *table = &tables[limit];
    uint8_t host[16];
    host_of(peer, host);
    struct bucket *own = find(table, host);
    fill(&table->together, &table->all, now_ms);
    fill(own != NULL ? own : take(table, host), &table->host, now_ms);
}
