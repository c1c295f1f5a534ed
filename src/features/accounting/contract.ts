// The trial balance: the bank’s own view of its books.

export {};
