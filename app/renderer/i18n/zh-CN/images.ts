import type { Translation } from '../catalogue.ts'
import type { images as en } from '../en/images.ts'

export const images: Translation<typeof en> = {}
