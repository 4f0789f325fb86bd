import type { Image } from '../../../shared/contracts/images.ts'
import { currentText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { imageName } from './image-rules.ts'

/** Removes exactly these images, as one task, and says so. */
export async function removeImages(images: readonly Image[], force: boolean): Promise<void> {
  const done = await run(rpc.images.remove({ ids: images.map(({ id }) => id), force }))
  if (done) toast({ text: currentText()('images.removed', { count: images.length, first: imageName(images[0]!) }) })
}
