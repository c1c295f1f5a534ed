// Fees: what an event or a date costs: amounts, percentages, tiers, free ones, waivers, and the tax on them.

export {};
