/** One act in a menu. */
import type { LucideIcon } from "@lucide/svelte";

export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  hint?: string;
  danger?: boolean;
  checked?: boolean;
  disabled?: boolean;
  act: () => void;
}
