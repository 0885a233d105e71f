/* Phone numbers, mail addresses, names and serial numbers of any bytes: what is taken is in one
 * form, which is taken again and stays as it is, whatever country one is in; what is refused says
 * why. The first byte chooses the kind. */
#include "tests/fuzz/fuzz.h"

#include "intake/party/identity.h"

static void serial(struct bytes text)
{
    char out[SERIAL_TEXT_BYTES], again[SERIAL_TEXT_BYTES];
    struct error err = {.text = ""};

    if (serial_normalise(text, out, &err) != AF_OK) {
        ENSURE(err.text[0] != '\0');
        return;
    }
    ENSURE(serial_normalise(bytes_str(out), again, &err) == AF_OK && strcmp(out, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const countries[] = {"CN", "US", "IT", "RU", "JP", "XX"};
    char out[IDENTITY_TEXT_BYTES], again[IDENTITY_TEXT_BYTES];
    struct error err = {.text = ""};
    enum identity_kind kind;
    const char *country;
    struct bytes text;

    if (size == 0)
        return 0;
    text = bytes_of(data + 1, size - 1);
    kind = (enum identity_kind)(data[0] % (IDENTITY_KINDS + 1));
    country = countries[data[0] / 8 % 6];
    if (kind == IDENTITY_KINDS) {
        serial(text);
        return 0;
    }
    if (identity_normalise(kind, text, country, out, &err) != AF_OK) {
        ENSURE(err.status == AF_INVALID && err.text[0] != '\0');
        return 0;
    }
    ENSURE(identity_is_normal(kind, bytes_str(out)));
    ENSURE(identity_normalise(kind, bytes_str(out), "DE", again, &err) == AF_OK);
    ENSURE(strcmp(out, again) == 0);
    return 0;
}
