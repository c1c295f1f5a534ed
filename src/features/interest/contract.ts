// Interest: what balances earn and cost, by terms, and why: segments, postings, tax and annual rates.

export {};
