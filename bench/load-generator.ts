// A process of its own, so that its CPU is told from the server's: sends HTTP requests as its parent says.
import { runHttpJob } from './load/http-load.ts';
import type { HttpJob } from './load/protocol.ts';
import { isJobOf, serveJobs } from './load/serve-jobs.ts';

serveJobs((message): message is HttpJob => isJobOf(message, ['http']), runHttpJob);
