// Accounting: the bank’s own books: its chart of accounts and what they come to.

export {};
