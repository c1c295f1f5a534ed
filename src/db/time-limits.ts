/**
 * How long a request may take, and how that is divided, so that it is answered whatever happens to the database:
 *
 * - a payment: at most PAYMENT_TURN_TIMEOUT_MS until its turn; then its database transaction, with its connection and
 *   retries, until PAYMENT_ANSWER_WITHIN_MS after it arrived;
 * - a batch: at most TURN_TIMEOUT_MS until its turn, and its transaction until ANSWER_WITHIN_MS after it arrived;
 * - everything else: at most HOLD_TIMEOUT_MS for a connection and the work on it, of which CONNECT_TIMEOUT_MS for the
 *   connection. Later work on another connection is not begun: the request has failed.
 *
 * A database that says nothing for SILENCE_TIMEOUT_MS is given up by all of them.
 *
 * Long work (imports, verification) has none of these limits.
 */
const REQUEST_DEADLINE_MS = 10_000;

/** The rest of the deadline is for reading the request, and for an event loop that is late. */
export const ANSWER_WITHIN_MS = REQUEST_DEADLINE_MS - 500;

/** Whoever stands at a counter learns by then that the database does not answer. */
export const PAYMENT_ANSWER_WITHIN_MS = 5_000;

/** A batch of 10,000 items takes one to three seconds on two cores: requests that arrive during one wait for it. */
export const TURN_TIMEOUT_MS = 4_000;

/** Those admitted wait for well under a second; the rest of the time is for the connection and the work. */
export const PAYMENT_TURN_TIMEOUT_MS = 2_500;

/** For a new connection, or for one in use: mostly ten milliseconds or less. */
export const CONNECT_TIMEOUT_MS = 2_000;

/** This long after it was asked for, the connection of a read or a small transaction is cut off. */
export const HOLD_TIMEOUT_MS = 5_000;

/** PostgreSQL ends a statement sooner: a server that has said nothing for so long stands still. */
export const SILENCE_TIMEOUT_MS = 4_700;

/**
 * PostgreSQL cancels a statement after this, its waiting included: sooner than the connection is cut off, which would
 * leave it at work for nobody. A row that stays locked this long is a mistake.
 */
export const STATEMENT_TIMEOUT_MS = 4_500;

/**
 * PostgreSQL rolls back a transaction that has sent nothing for this long, and releases its locks. Ours pause for
 * milliseconds: a longer silence is a connection that only PostgreSQL still believes in, after the network between has
 * forgotten it. Left alone, the accounts of its batch would stay locked until TCP finds out, two hours later by
 * default.
 */
export const IDLE_TRANSACTION_TIMEOUT_MS = 5_000;
