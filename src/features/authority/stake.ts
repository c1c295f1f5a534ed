/**
 * What an operation commits on its caller's word. `moves`: money goes from one account to another. `promises`: it will
 * go, or is set aside. `lends`: the bank gives credit. `overdraft`: it lets an account go below zero, which no teller
 * decides, whatever the amount. `none`: nothing of these.
 */
export type Stake = 'moves' | 'promises' | 'lends' | 'overdraft' | 'none';

/** The stake of every operation that changes something, by its operationId. */
export type StakeTable = Readonly<Record<string, Stake>>;
