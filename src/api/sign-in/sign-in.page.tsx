import type { ComponentChildren } from 'preact';
import type { PageFrame } from '../../pages/index.js';

export interface SignInForm {
  root: string;
  /** Where to go on to. */
  to: string;
  name?: string;
  trouble?: string;
}

/** A name with its password, or a key alone. */
export function signInPage({ root, to, name, trouble }: SignInForm): {
  frame: PageFrame;
  content: ComponentChildren;
} {
  return {
    frame: { root, title: 'Sign in', summary: 'With a name and its password, or with an API key.' },
    content: (
      <form class="sign-in" method="post" action={`${root}/sign-in`}>
        <p class="error" role="alert">
          {trouble}
        </p>
        <input type="hidden" name="to" value={to} />
        <div class="field">
          <label for="username">Name</label>
          <input
            id="username"
            name="username"
            value={name}
            autocomplete="username"
            aria-describedby="of-name"
          />
          <p class="help" id="of-name">
            Leave it empty to sign in with an API key.
          </p>
        </div>
        <div class="field">
          <label for="password">Password or API key</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </div>
        <div class="actions">
          <button class="button primary" type="submit">
            Sign in
          </button>
        </div>
      </form>
    ),
  };
}
