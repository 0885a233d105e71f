/* Ticket numbers: what is read as one is written as one that is read as the same. */
#include "tests/fuzz/fuzz.h"

#include "intake/desk/ticket.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t no = 0, again = 0;
    char name[40];

    if (!ticket_parse_no(bytes_of(data, size), &no)) {
        ENSURE(no == 0);
        return 0;
    }
    ENSURE(no > 0 && size <= 18);
    (void)snprintf(name, sizeof name, "AF-2026-%06u", (unsigned)no);
    ENSURE(ticket_parse_no(bytes_str(name), &again) && again == no);
    return 0;
}
