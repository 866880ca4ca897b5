import { Facts, LinkList, Section } from '../../../pages/index.js';
import type { DirectoryPage } from '../answer/answers.js';
import type { ServerInfo, ServicesDocument } from './directory.js';
import { directoryFrame, rootOf } from './directory-frame.js';

/** The words "Folder: /" are what harvesters know such a directory by. */
export function servicesPage(
  base: string,
  folder: string,
  { currentVersion, folders, services }: ServicesDocument,
): DirectoryPage {
  const path = `${rootOf(base)}/arcgis/rest/services`;
  return {
    frame: directoryFrame(base, folder || 'Services directory', {
      path: folder ? `${path}/${folder}` : path,
    }),
    content: (
      <>
        <p class="lead">{`Folder: /${folder}`}</p>
        <Facts of={[['Current version', String(currentVersion)]]} />
        {folders.length > 0 && (
          <Section id="folders" title="Folders">
            <LinkList links={folders.map((one) => ({ href: `${path}/${one}`, title: one }))} />
          </Section>
        )}
        <Section id="services" title="Services">
          <LinkList
            links={services.map(({ name, type }) => ({
              href: `${path}/${name}/${type}`,
              title: `${name} (${type})`,
            }))}
          />
        </Section>
      </>
    ),
  };
}

export function infoPage(base: string, { currentVersion, fullVersion, authInfo }: ServerInfo): DirectoryPage {
  return {
    frame: directoryFrame(base, 'Server info', { path: `${rootOf(base)}/arcgis/rest/info` }),
    content: (
      <Facts
        of={[
          ['Current version', String(currentVersion)],
          ['Full version', fullVersion],
          ['Token based security', authInfo.isTokenBasedSecurity ? 'yes' : 'no'],
        ]}
      />
    ),
  };
}
