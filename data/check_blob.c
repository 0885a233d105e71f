/* Each named blob is read whole, once however many name it. A file that nobody names is no fault:
 * it waits for blob_sweep(). */
#include "data/check_impl.h"

#include "data/blob.h"

void check_blob_row(struct check *check, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(body);
    struct digest hash;
    uint64_t bytes;
    struct error why;

    memcpy(hash.b, key.data, DIGEST_BYTES);
    if (!reader_be64(&r, &bytes))
        return;
    if (check->blob_is_known && digest_equal(&check->blob, &hash)) {
        if (check->blob_bytes != bytes)
            check_fault(check, "damaged: table blob: two sizes of one blob, %llu and %llu",
                        number(check->blob_bytes), number(bytes));
        return;
    }
    check->blob_is_known = true;
    check->blob = hash;
    check->blob_bytes = bytes;
    if (blob_verify(check->dir, &hash, bytes, &why) != AF_OK)
        check_fault(check, "%s", why.text);
}
