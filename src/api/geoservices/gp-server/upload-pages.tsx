import { Facts, LinkList, Section } from '../../../pages/index.js';
import type { DirectoryPage } from '../answer/answers.js';
import { directoryFrame } from '../directory/directory-frame.js';
import { crumbsTo, servicePath } from './gp-pages.js';
import type { GpService } from './services.js';
import type { UploadItemInfo } from './upload-items.js';

const pathOf = (base: string, service: GpService): string => `${servicePath(base, service)}/uploads`;

/** What may be sent ahead, and how. */
export function uploadsPage(
  base: string,
  service: GpService,
  { maxUploadFileSize }: { maxUploadFileSize: number },
): DirectoryPage {
  const path = pathOf(base, service);
  return {
    frame: {
      ...directoryFrame(base, 'Uploads', { path, crumbs: crumbsTo(base, service) }),
      summary: 'Files sent ahead, to be named by any number of jobs',
    },
    content: (
      <>
        <Section id="operations" title="Supported operations">
          <LinkList links={[{ href: `${path}/upload`, title: 'Upload' }]} />
          <p>
            Large files come in parts: <code>register</code>, then <code>uploadPart</code> for each, then{' '}
            <code>commit</code>.
          </p>
        </Section>
        <Section id="limits" title="Limits">
          <Facts of={[['Largest file', `${maxUploadFileSize} MB`]]} />
        </Section>
      </>
    ),
  };
}

export function uploadFormPage(base: string, service: GpService): DirectoryPage {
  const path = pathOf(base, service);
  const crumbs = [...crumbsTo(base, service), { label: 'Uploads', href: path }];
  return {
    frame: {
      ...directoryFrame(base, 'Upload', { path: `${path}/upload`, crumbs }),
      alternates: [],
      summary: 'Features as Esri JSON, GeoJSON or WKT',
    },
    content: (
      <form action={`${path}/upload`} method="post" encType="multipart/form-data" class="run-fields">
        <div class="field">
          <label for="description">Description</label>
          <input id="description" name="description" maxLength={1000} />
        </div>
        <input type="hidden" name="f" value="html" />
        <div class="field">
          <label for="file">File</label>
          <input id="file" name="file" type="file" required />
        </div>
        <p class="actions">
          <button type="submit">Upload (POST)</button>
        </p>
      </form>
    ),
  };
}

export function uploadPage(base: string, service: GpService, item: UploadItemInfo): DirectoryPage {
  const path = `${pathOf(base, service)}/${item.itemID}`;
  const crumbs = [...crumbsTo(base, service), { label: 'Uploads', href: pathOf(base, service) }];
  return {
    frame: {
      ...directoryFrame(base, item.itemName || 'Upload', { path, crumbs }),
      summary: 'A file sent ahead',
    },
    content: (
      <>
        <Facts
          of={[
            ['Item ID', <code>{item.itemID}</code>],
            ['Description', item.description || 'none'],
            ['Date', new Date(item.date).toISOString()],
            ['Committed', String(item.committed)],
          ]}
        />
        {item.committed && (
          <p>
            Wherever a parameter takes features, <code>{JSON.stringify({ itemID: item.itemID })}</code> stands
            for what is in it.
          </p>
        )}
        <form class="actions" action={`${path}/delete`} method="post">
          <button type="submit">Delete</button>
        </form>
      </>
    ),
  };
}
