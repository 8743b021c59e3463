/** What changed, line by line. */
import { useWords } from '../words.ts';
import { Across } from './across.tsx';

type Lines = ReadonlyMap<string, string>;

/** A record as lines `path → value`; what is empty has no line. */
export function linesOf(value: unknown, path = '', lines = new Map<string, string>()): Lines {
  if (value === null || value === undefined) return lines;
  if (typeof value !== 'object') lines.set(path, String(value));
  else for (const [key, inner] of Object.entries(value)) linesOf(inner, path === '' ? key : `${path}.${key}`, lines);
  return lines;
}

/** Both sides of every line that is not the same. */
export function differences(before: Lines, after: Lines): { path: string; was: string | undefined; is: string | undefined }[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => ({ path, was: before.get(path), is: after.get(path) }))
    .filter(({ was, is }) => was !== is);
}

export function Diff({ before, after }: { before: Lines; after: Lines }) {
  const { t } = useWords();
  const changed = differences(before, after);
  if (changed.length === 0) return <p className="soft">{t('diff.same')}</p>;
  return (
    <Across label={t('diff.what')}>
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">{t('diff.what')}</th>
            <th scope="col">{t('diff.before')}</th>
            <th scope="col">{t('diff.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changed.map(({ path, was, is }) => (
            <tr key={path}>
              <th scope="row">{path || t('diff.value')}</th>
              <td>{was === undefined ? <span className="soft">{t('diff.none')}</span> : <del>{was}</del>}</td>
              <td>{is === undefined ? <span className="soft">{t('diff.none')}</span> : <ins>{is}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Across>
  );
}
