# Calls into the index that tests/search/hostile_test.c counts.
WRAP_hostile_test := -Wl,--wrap=segment_find,--wrap=segment_may_have,--wrap=term_cursor_next,$\
    --wrap=term_cursor_skip,--wrap=term_cursor_next_holding,$\
    --wrap=postings_block_decode,--wrap=postings_block_docs
