import type { ComponentChildren, VNode } from 'preact';

/** A table that scrolls by itself where it is wider than the page; the first cell of a row is its head. */
export const Table = ({
  name,
  heads,
  rows,
  none,
}: {
  name: string;
  heads: string[];
  rows: ComponentChildren[][];
  /** What is said where there is no row. */
  none: string;
}): VNode =>
  rows.length === 0 ? (
    <p class="notice">{none}</p>
  ) : (
    <div class="scroll" tabIndex={0} role="region" aria-label={name}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col">{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr>
              <th scope="row">{first}</th>
              {others.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
