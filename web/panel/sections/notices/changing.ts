/** Publishing and retiring words, each with the way back. Versions never change and none comes back: what was is drafted again. */
import { useQueryClient } from '@tanstack/react-query';
import {
  draftTemplate,
  type NoticeTexts,
  publishTemplate,
  retireTemplate,
  type Template,
  type TemplateLine,
} from '../../../../worker/protocol/http/templates.ts';
import { useSession } from '../../../ui/session.tsx';
import type { Done } from '../../desk/done.tsx';
import { useWords } from '../../words.ts';
import { templateKeys } from './reading.ts';
import { placeWords } from './said.ts';

interface Around {
  readonly line: TemplateLine;
  /** Shows a version. */
  readonly show: (version: number) => void;
  readonly onDone: (what: Done) => void;
}

export function useChanging({ line, show, onDone }: Around) {
  const { api, me } = useSession();
  const { t } = useWords();
  const queries = useQueryClient();
  const mayDraft = me.permissions.includes('template.edit');
  const name = placeWords(t, line);
  const renew = async (): Promise<void> => {
    await Promise.all(templateKeys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
  const again = async (was: NoticeTexts, inForceAgain: boolean): Promise<void> => {
    const { kind, channel } = line;
    const { template } = await api.call(draftTemplate, { body: { kind, channel, texts: was } });
    if (inForceAgain && template.id) await api.call(publishTemplate, { params: { id: template.id } });
    await renew();
    onDone({ said: t(inForceAgain ? 'notices.saidAgain' : 'retire.undoneDraft', { name, version: template.version }) });
    show(template.version);
  };
  /** Then stands what is in force. */
  const takeOut = async (id: NonNullable<Template['id']>, inForce: number): Promise<void> => {
    await api.call(retireTemplate, { params: { id } });
    await renew();
    show(inForce);
  };
  /** From a publishing: to the built-in words by retiring, to a version of staff by saying it again. */
  const unpublish = async (id: NonNullable<Template['id']>, before: Template): Promise<void> => {
    if (before.id !== null) return again(before.texts, true);
    await takeOut(id, 1);
    onDone({ said: t('notices.backToBuiltIn') });
  };
  return {
    async publish({ id, version }: Template): Promise<void> {
      if (!id) return;
      const before = line.inForce;
      await api.call(publishTemplate, { params: { id } });
      await renew();
      onDone({ said: t('notices.published', { name, version }), ...(mayDraft ? { undo: () => unpublish(id, before) } : {}) });
    },
    async retire({ id, state, texts }: Template): Promise<void> {
      if (!id) return;
      const wasDraft = state === 'draft';
      await takeOut(id, wasDraft ? line.inForce.version : 1);
      onDone({
        said: t(wasDraft ? 'retire.doneDraft' : 'notices.backToBuiltIn'),
        ...(mayDraft ? { undo: () => again(texts, !wasDraft) } : {}),
      });
    },
  };
}
