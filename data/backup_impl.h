/* backup_impl.h: what backup.c, backup_copy.c and backup_manifest.c share. */
#ifndef ASKFIRST_DATA_BACKUP_IMPL_H
#define ASKFIRST_DATA_BACKUP_IMPL_H

#include "data/backup.h"
#include "data/base/json.h"
#include "data/check.h"

#include <limits.h>

/* The sentence for an errno. */
enum status backup_failed(int why, const char *doing, const char *path, struct error *err);
enum status backup_path(const char *dir, const char *name, char path[PATH_MAX],
                        struct error *err) MUST_USE;

/* PART/store/data.mdb and PART/blobs, synced but not proved. */
enum status backup_copy(struct store *store, const char *part, struct error *err) MUST_USE;

/* Writes and syncs PART/manifest.json. */
enum status backup_manifest_write(const char *part, const struct backup_info *info,
                                  const struct check_counts *counts, const char *sha256,
                                  struct error *err) MUST_USE;
/* AF_NOT_FOUND when DEST has none. The caller owns *out. */
enum status backup_manifest_read(const char *dest, json_t **out, struct error *err) MUST_USE;
/* AF_NEWER, AF_CORRUPT. */
enum status backup_manifest_decode(const json_t *json, const char *dest, struct backup_info *info,
                                   struct error *err) MUST_USE;

#endif
