/* Frames of HJ 212-2017, written by patching a template: the generator must not starve the
 * gateway it measures.  A frame is a pure function of (logger, sequence), so a resend is the same
 * bytes and the ledger needs no copy of what was sent. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MN_LENGTH = 24, QN_LENGTH = 17, FRAME_MAX = 1024, VALUES_MAX = 40 };
enum { CHINA_OFFSET_S = 8 * 3600, DAY_S = 86400 };

/* A number of fixed width inside the template: `digits` of `whole` + '.' + `decimals`. */
struct value { int offset, whole, decimals, factor, statistic; };
/* What the instrument shows: `mean` + logger's share of `spread` + noise, in last decimals. */
struct factor { const char *code; int whole, decimals; uint32_t mean, spread, noise; };

/* pH, COD, NH3-N, TN, TP, flow, temperature, conductivity: 43 characters of values make the
 * real-time frame 373 bytes long.  Flow is the marker that the ledger is checked against. */
static const struct factor FACTORS[8] = {
    {"w01001", 1, 2, 680, 90, 12},       {"w01018", 2, 2, 2000, 4000, 80},
    {"w21003", 1, 3, 800, 4000, 60},     {"w21001", 1, 3, 3000, 5000, 90},
    {"w21011", 1, 3, 100, 300, 20},      {"w00000", 3, 3, 100000, 0, 0},
    {"w01010", 2, 2, 1800, 900, 10},     {"w01014", 4, 2, 120000, 300000, 900},
};
enum { MARKER_FACTOR = 5, MARKER_STRIDE = 37, MARKER_LOGGER = 11, MARKER_RANGE = 90000 };

struct template {
    char text[FRAME_MAX];
    int length, segment, qn, mn, datatime, values;
    struct value value[VALUES_MAX];
};

static uint16_t crc_table[256];

static void crc_prepare(void) {
    for (int byte = 0; byte < 256; byte++) {
        uint16_t reg = (uint16_t)byte;
        for (int bit = 0; bit < 8; bit++) reg = reg & 1 ? (reg >> 1) ^ 0xA001 : reg >> 1;
        crc_table[byte] = reg;
    }
}

/* HJ 212-2017 Annex A.  The register forgets its low byte before every input byte and the byte
 * step has order 8, so bytes eight apart may be added up (XOR) before the table is used. */
static uint16_t crc_hj(const char *segment, int length) {
    uint64_t sum = 0, block;
    int at = length;
    for (; at >= 8; at -= 8) { memcpy(&block, segment + at - 8, 8); sum ^= block; }
    unsigned char lane[8], state = 0;
    memcpy(lane, &sum, 8);
    for (int i = 0; i < at; i++) lane[8 - at + i] ^= (unsigned char)segment[i];
    lane[(8 - length % 8) % 8] ^= 0xFF;
    for (int i = 0; i < 7; i++) state = crc_table[state ^ lane[i]] >> 8;
    return crc_table[state ^ lane[7]];
}

static uint16_t crc_modbus(const char *segment, int length) {
    uint16_t reg = 0xFFFF;
    for (int i = 0; i < length; i++)
        reg = (reg >> 8) ^ crc_table[(reg ^ (unsigned char)segment[i]) & 0xFF];
    return reg;
}

/* A checksum that no tolerant receiver can take for one: neither HJ's nor Modbus in any order. */
static uint16_t crc_wrong(const char *segment, int length) {
    uint16_t right = crc_hj(segment, length), modbus = crc_modbus(segment, length), wrong = right;
    uint16_t swapped = (uint16_t)(modbus << 8 | modbus >> 8);
    do wrong = (uint16_t)(wrong + 0x1357);
    while (wrong == right || wrong == modbus || wrong == swapped);
    return wrong;
}

static void put_digits(char *to, int width, uint32_t number) {
    for (int i = width - 1; i >= 0; i--, number /= 10) to[i] = (char)('0' + number % 10);
}

static uint32_t mix(uint32_t a, uint32_t b, uint32_t c) {
    uint32_t h = a * 0x9E3779B1u ^ b * 0x85EBCA77u ^ c * 0xC2B2AE3Du;
    h ^= h >> 15; h *= 0x2C1B3C6Du; h ^= h >> 12; h *= 0x297A2D39u;
    return h ^ h >> 15;
}

static char *add_value(struct template *t, char *at, int factor, const char *attribute, int statistic) {
    const struct factor *f = &FACTORS[factor];
    at += sprintf(at, "%s-%s=", f->code, attribute);
    t->value[t->values++] = (struct value){(int)(at - t->text), f->whole, f->decimals, factor, statistic};
    memset(at, '0', (size_t)(f->whole + f->decimals + 1));
    at[f->whole] = '.';
    return at + f->whole + f->decimals + 1;
}

/* statistic -1, 0, 1: minimum, value, maximum. */
static void template_prepare(struct template *t, int minute, const char *password) {
    memset(t, 0, sizeof *t);
    char *at = t->text + sprintf(t->text, "##0000QN=");
    t->qn = (int)(at - t->text);
    at += sprintf(at, "%017d;ST=32;CN=%d;PW=%s;MN=", 0, minute ? 2051 : 2011, password);
    t->mn = (int)(at - t->text);
    at += sprintf(at, "%024d;Flag=5;CP=&&DataTime=", 0);
    t->datatime = (int)(at - t->text);
    at += sprintf(at, "%014d", 0);
    for (int factor = 0; factor < 8; factor++) {
        *at++ = ';';
        if (minute) {
            at = add_value(t, at, factor, "Cou", 0);
            *at++ = ',';
            at = add_value(t, at, factor, "Min", -1);
            *at++ = ',';
            at = add_value(t, at, factor, "Avg", 0);
            *at++ = ',';
            at = add_value(t, at, factor, "Max", 1);
        } else {
            at = add_value(t, at, factor, "Rtd", 0);
        }
        at += sprintf(at, ",%s-Flag=N", FACTORS[factor].code);
    }
    at += sprintf(at, "&&");
    t->segment = (int)(at - t->text) - 6;
    t->length = t->segment + 12;
    put_digits(t->text + 2, 4, (uint32_t)t->segment);
    memcpy(at + 4, "\r\n", 2);
}

/* YYYYMMDDhhmmss in UTC+8; the date is worked out once a day. */
static void put_time(char *to, int64_t epoch) {
    static int64_t known = -1;
    static char date[16];
    int64_t local = epoch + CHINA_OFFSET_S, day = local / DAY_S;
    if (day != known) {
        time_t moment = (time_t)local;
        struct tm parts;
        gmtime_r(&moment, &parts);
        strftime(date, sizeof date, "%Y%m%d", &parts);
        known = day;
    }
    uint32_t second = (uint32_t)(local % DAY_S);
    memcpy(to, date, 8);
    put_digits(to + 8, 2, second / 3600);
    put_digits(to + 10, 2, second / 60 % 60);
    put_digits(to + 12, 2, second % 60);
}

static uint32_t number_of(const struct value *v, uint32_t logger, uint32_t sequence) {
    if (v->factor == MARKER_FACTOR)
        return FACTORS[MARKER_FACTOR].mean + (sequence * MARKER_STRIDE + logger * MARKER_LOGGER) % MARKER_RANGE
               + (uint32_t)(v->statistic * 40);
    const struct factor *f = &FACTORS[v->factor];
    return f->mean + mix(logger, 0, (uint32_t)v->factor) % f->spread
           + mix(logger, sequence + 1, (uint32_t)v->factor) % f->noise + (uint32_t)(v->statistic * 5);
}

/* One frame at `to`, which has room for FRAME_MAX; returns its length.  `mn` is not terminated. */
static int frame_write(char *to, const struct template *t, const char *mn, uint32_t logger,
                       uint32_t sequence, int64_t epoch, int bad) {
    memcpy(to, t->text, (size_t)t->length);
    put_time(to + t->datatime, epoch);
    memcpy(to + t->qn, to + t->datatime, 14);
    put_digits(to + t->qn + 14, 3, mix(logger, sequence, 999) % 1000);
    memcpy(to + t->mn, mn, MN_LENGTH);
    for (int i = 0; i < t->values; i++) {
        const struct value *v = &t->value[i];
        uint32_t number = number_of(v, logger, sequence), unit = 1;
        for (int d = 0; d < v->decimals; d++) unit *= 10;
        put_digits(to + v->offset, v->whole, number / unit);
        put_digits(to + v->offset + v->whole + 1, v->decimals, number % unit);
    }
    uint16_t crc = bad ? crc_wrong(to + 6, t->segment) : crc_hj(to + 6, t->segment);
    for (int i = 0; i < 4; i++) to[6 + t->segment + i] = "0123456789ABCDEF"[crc >> (12 - 4 * i) & 15];
    return t->length;
}

#endif
