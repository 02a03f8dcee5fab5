import { CreateDbtProject } from '@sluice/domain/dbt-project';
import { z } from 'zod';

/** What the dialog asks: an empty address means that the manifest is sent, an empty value that the header stays. */
export const DbtProjectForm = z
  .object({
    name: CreateDbtProject.shape.name,
    url: z.string().trim(),
    headerName: z.string().trim(),
    headerValue: z.string(),
  })
  .superRefine(({ url, headerName, headerValue }, ctx) => {
    const wrong = (path: string, result: { error?: z.ZodError | undefined }) => {
      for (const { message } of result.error?.issues ?? [])
        ctx.addIssue({ code: 'custom', path: [path], message });
    };
    if (url !== '') wrong('url', CreateDbtProject.shape.url.safeParse(url));
    if (headerValue !== '' && headerName === '')
      ctx.addIssue({ code: 'custom', path: ['headerName'], message: 'Name the header.' });
    if (headerName !== '' && headerValue !== '')
      wrong('headerName', CreateDbtProject.shape.header.safeParse({ name: headerName, value: headerValue }));
  });
export type DbtProjectForm = z.infer<typeof DbtProjectForm>;

/** What becomes of the header of a project (`kept`: the name of the one it has); `undefined` leaves it as it is. */
export function headerOf(
  { url, headerName, headerValue }: DbtProjectForm,
  kept: string | null,
): { name: string; value: string } | null | undefined {
  if (url === '' || headerName === '') return null;
  if (headerValue !== '') return { name: headerName, value: headerValue };
  return headerName === kept ? undefined : null;
}
