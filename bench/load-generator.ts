// Sends HTTP requests for its parent, in its own process, so that its CPU time is separate from the server's.
import { runHttpJob } from './load/http-load.ts';
import type { HttpJob } from './load/protocol.ts';
import { isJobOf, serveJobs } from './load/serve-jobs.ts';

serveJobs((message): message is HttpJob => isJobOf(message, ['http']), runHttpJob);
