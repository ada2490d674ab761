"""One file for each revision of the record's tables; a file that was released is never changed."""
