import { expect, it } from 'vitest';
import { failureOfProblem, failureOfReply } from './problem-failure.js';

it('says title, detail, and each fault with its input', () => {
  const failure = failureOfProblem({
    status: 400,
    title: 'The request is not valid',
    detail: 'Two things are wrong.',
    faults: [
      { path: '/inputs/distance/value', message: 'must be a number' },
      { path: '/inputs/a~1b', message: 'is missing' },
      { path: '/response', message: 'must be raw or document' },
      { path: '', message: 'must be an object' },
    ],
  });
  expect(failure).toMatchObject({
    exitCode: 2,
    message: 'The request is not valid: Two things are wrong.',
    details: [
      'input distance (/value): must be a number',
      'input a/b: is missing',
      '/response: must be raw or document',
      'the request: must be an object',
    ],
  });
});

it('does not say a single fault twice', () => {
  const faults = [{ path: '/inputs/distance', message: 'is missing' }];
  const failure = failureOfProblem({
    status: 400,
    title: 'Not valid',
    detail: '/inputs/distance: is missing',
    faults,
  });
  expect(failure).toMatchObject({ message: 'Not valid', details: ['input distance: is missing'] });
});

it('says when to come back, and how to sign in', async () => {
  const reply = Response.json(
    { title: 'Denied', code: 'x' },
    { status: 429, headers: { 'retry-after': '8' } },
  );
  expect(await failureOfReply(reply)).toMatchObject({ exitCode: 3, details: ['Try again in 8 s.'] });
  expect(failureOfProblem({ status: 401, title: 'Unknown' }).details[0]).toContain('HONUA_API_KEY');
});

it('an answer that is no problem document is told by its status', async () => {
  const page = new Response('<html>', { status: 502, statusText: 'Bad Gateway' });
  expect(await failureOfReply(page)).toMatchObject({
    exitCode: 4,
    message: 'The server answered 502 Bad Gateway',
  });
  const list = Response.json([1], { status: 500 });
  expect(await failureOfReply(list)).toMatchObject({ exitCode: 1 });
});
