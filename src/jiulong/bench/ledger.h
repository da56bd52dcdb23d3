/* What was acknowledged, exactly, and how long it took. */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* One acknowledged frame, when it was sent last and when it was acknowledged: CLOCK_MONOTONIC in
 * µs.  Read by generator.py. */
struct entry { uint32_t logger, sequence; int64_t sent_us, acked_us; };
struct ledger { struct entry *entry; size_t count, room; };

/* Log-linear: 32 steps in every power of two, so a percentile is at most 3 % too high. */
enum { STEPS = 32, BUCKETS = STEPS * 40 };
struct histogram { uint64_t count[BUCKETS], total, max_us; };

static void die(const char *why) {
    fprintf(stderr, "loadgen: %s\n", why);
    exit(2);
}

static void ledger_add(struct ledger *l, struct entry e) {
    if (l->count == l->room) {
        l->room = l->room ? l->room * 2 : 1 << 16;
        l->entry = realloc(l->entry, l->room * sizeof *l->entry);
        if (!l->entry) die("out of memory");
    }
    l->entry[l->count++] = e;
}

static void ledger_write(const struct ledger *l, const char *path) {
    FILE *file = fopen(path, "wb");
    if (!file) die("cannot write the ledger");
    if (fwrite(l->entry, sizeof *l->entry, l->count, file) != l->count || fclose(file))
        die("cannot write the ledger");
}

static int bucket_of(uint64_t us) {
    if (us < STEPS) return (int)us;
    int power = 63 - __builtin_clzll(us);
    int bucket = (power - 4) * STEPS + (int)(us >> (power - 5)) - STEPS;
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static void histogram_add(struct histogram *h, int64_t us) {
    uint64_t value = us < 0 ? 0 : (uint64_t)us;
    h->count[bucket_of(value)]++;
    h->total++;
    if (value > h->max_us) h->max_us = value;
}

/* Upper edge of the bucket that holds the given share, in ms. */
static double histogram_ms(const struct histogram *h, double share) {
    uint64_t rank = (uint64_t)(share * (double)h->total), seen = 0;
    for (int b = 0; b < BUCKETS; b++) {
        seen += h->count[b];
        if (seen > rank) {
            uint64_t edge = b < STEPS ? (uint64_t)b + 1
                                      : (uint64_t)(b % STEPS + STEPS + 1) << (b / STEPS - 1);
            return (double)(edge < h->max_us ? edge : h->max_us) / 1000.0;
        }
    }
    return (double)h->max_us / 1000.0;
}

#endif
