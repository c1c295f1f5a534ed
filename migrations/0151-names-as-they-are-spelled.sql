-- Names with letters that are spelled in two ways (Søren, Soeren) are found by both. Null: their words were made by a
-- version that did not know it, and are made again, in steps, as the next server starts.
alter table customers add column has_spellings boolean;
