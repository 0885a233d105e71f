/* Times: what is read can be written and read again; what is written is read as what it was. */
#include "tests/fuzz/fuzz.h"

#include "data/base/clock.h"

#define YEAR_0_MS (-62167219200000)
#define YEAR_9999_MS 253402300799999

static void check_time(int64_t at_ms)
{
    char text[CLOCK_TEXT_BYTES];
    int64_t again;

    ENSURE(at_ms >= YEAR_0_MS && at_ms <= YEAR_9999_MS);
    clock_format(at_ms, text);
    ENSURE(strlen(text) == CLOCK_TEXT_BYTES - 1);
    ENSURE(clock_parse(bytes_str(text), &again) && again == at_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    struct reader r = reader_of(text);
    int64_t at_ms;
    uint64_t any;

    if (clock_parse(text, &at_ms))
        check_time(at_ms);
    if (reader_be64(&r, &any))
        check_time(YEAR_0_MS + (int64_t)(any % (uint64_t)(YEAR_9999_MS - YEAR_0_MS + 1)));
    return 0;
}
