import { create } from 'zustand'
import type { Image } from '../../../shared/contracts/images.ts'

/** The images while their page is open; null until the list arrives. */
export const useImages = create<{ readonly images: readonly Image[] | null }>(() => ({ images: null }))
