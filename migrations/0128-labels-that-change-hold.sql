alter table holds validate constraint holds_first_labels_check;
