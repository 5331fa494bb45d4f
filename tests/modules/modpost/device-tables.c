// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every device table whose aliases modpost writes, with entries that take each
 * branch. Never loaded: its aliases are compared with those that Kbuild finds.
 */
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/version.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("device tables of every kind");

#define TABLE(type, id) static const struct id type##_ids[]
#define DONE(type)      MODULE_DEVICE_TABLE(type, type##_ids)

TABLE(pci, pci_device_id) = {
	{.vendor = 0x8086, .device = 0x1234, .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID},
	{.vendor = 0x10de,
	 .device = PCI_ANY_ID,
	 .subvendor = 0x1,
	 .subdevice = 0x2,
	 .class = 0x030000,
	 .class_mask = 0xffff00},
	{.vendor = PCI_ANY_ID,
	 .device = PCI_ANY_ID,
	 .subvendor = PCI_ANY_ID,
	 .subdevice = PCI_ANY_ID,
	 .class = 0x0c0330,
	 .class_mask = 0xffffff},
	{.vendor = 1,
	 .device = 2,
	 .subvendor = PCI_ANY_ID,
	 .subdevice = PCI_ANY_ID,
	 .class = 0x0c0330,
	 .class_mask = 0xff0fff},
	{.vendor = 0x15b3,
	 .device = 0x101e,
	 .subvendor = PCI_ANY_ID,
	 .subdevice = PCI_ANY_ID,
	 .override_only = PCI_ID_F_VFIO_DRIVER_OVERRIDE},
	{}};
DONE(pci);

#define RANGE (USB_DEVICE_ID_MATCH_VENDOR | USB_DEVICE_ID_MATCH_DEV_LO | USB_DEVICE_ID_MATCH_DEV_HI)
#define RELEASES(lo, hi)                                                                           \
	{                                                                                          \
		.match_flags = RANGE, .idVendor = 0x46d, .bcdDevice_lo = lo, .bcdDevice_hi = hi    \
	}

TABLE(usb,
      usb_device_id) = {{.match_flags = USB_DEVICE_ID_MATCH_VENDOR | USB_DEVICE_ID_MATCH_PRODUCT,
			 .idVendor = 0x46d,
			 .idProduct = 0xc52b},
			{.match_flags = 0x7f0,
			 .bDeviceClass = 1,
			 .bDeviceSubClass = 2,
			 .bDeviceProtocol = 3,
			 .bInterfaceClass = 4,
			 .bInterfaceSubClass = 5,
			 .bInterfaceProtocol = 6,
			 .bInterfaceNumber = 7},
			{.match_flags = USB_DEVICE_ID_MATCH_INT_CLASS, .bInterfaceClass = 8},
			{.driver_info = 1}, /* a slot to be filled later */
			RELEASES(0x0000, 0x9999),
			RELEASES(0x0000, 0xffff),
			RELEASES(0x0100, 0x0100),
			RELEASES(0x0100, 0x0199),
			RELEASES(0x0110, 0x0220),
			RELEASES(0x0005, 0x9994),
			RELEASES(0x1234, 0x5678),
			RELEASES(0x0001, 0x0002),
			RELEASES(0x0099, 0x0101),
			RELEASES(0x00a0, 0x00c5),
			RELEASES(0x0008, 0x000b),
			RELEASES(0x0009, 0x000a),
			RELEASES(0x1a2b, 0xf0f0),
			RELEASES(0x0200, 0x0100),
			RELEASES(0x0999, 0x1000),
			{.match_flags = USB_DEVICE_ID_MATCH_VENDOR | USB_DEVICE_ID_MATCH_DEV_LO,
			 .idVendor = 0x46d,
			 .bcdDevice_lo = 0x0310},
			{.match_flags = USB_DEVICE_ID_MATCH_VENDOR | USB_DEVICE_ID_MATCH_DEV_HI,
			 .idVendor = 0x46d,
			 .bcdDevice_hi = 0x0310},
			{}};
DONE(usb);

TABLE(of, of_device_id) = {{.compatible = "fsl,imx6q"},
			   {.name = "a name", .type = "serial", .compatible = "with blank"},
			   {.type = "cpu"},
			   {}};
DONE(of);

TABLE(acpi, acpi_device_id) = {{.id = "PNP0C0B"},
			       {.cls = 0x010601, .cls_msk = 0xffffff},
			       {.cls = 0x010600, .cls_msk = 0xffff00},
			       {.cls = 0x010000, .cls_msk = 0xff0000},
			       {}};
DONE(acpi);

TABLE(pnp, pnp_device_id) = {{.id = "PNP0501"}, {.id = "ibm37d0"}, {}};
DONE(pnp);

TABLE(pnp_card, pnp_card_device_id) = {{.id = "CTL0024", .devs = {{"CTL0031"}, {"PNPb02f"}}},
				       {.id = "CTL0025", .devs = {{"PNPb02f"}, {"CTL0041"}}},
				       {}};
DONE(pnp_card);

TABLE(isapnp, isapnp_device_id) = {
	{.card_vendor = ISAPNP_ANY_ID, .vendor = 0xd041, .function = 0x0105}, {}};
DONE(isapnp);

TABLE(hid, hid_device_id) = {
	{.bus = 3, .group = 1, .vendor = 0x46d, .product = 0xc52b},
	{.bus = HID_BUS_ANY, .group = HID_GROUP_ANY, .vendor = HID_ANY_ID, .product = HID_ANY_ID},
	{}};
DONE(hid);

TABLE(ieee1394,
      ieee1394_device_id) = {{.match_flags = IEEE1394_MATCH_SPECIFIER_ID | IEEE1394_MATCH_VERSION,
			      .specifier_id = 0x609e,
			      .version = 0x10483},
			     {.match_flags = 3, .vendor_id = 0x123456, .model_id = 7},
			     {}};
DONE(ieee1394);

TABLE(serio, serio_device_id) = {{.type = 2, .proto = SERIO_ANY, .id = 0x12, .extra = SERIO_ANY},
				 {.type = 2, .proto = 1, .id = 2, .extra = 3},
				 {}};
DONE(serio);

TABLE(hdaudio, hda_device_id) = {{.vendor_id = 0x10ec0892, .rev_id = 0x100302, .api_version = 1},
				 {.vendor_id = 0x10ec0892},
				 {}};
DONE(hdaudio);

TABLE(sdw, sdw_device_id) = {{.mfg_id = 0x25d, .part_id = 0x700, .sdw_version = 3, .class_id = 1},
			     {.mfg_id = 0x25d},
			     {}};
DONE(sdw);

TABLE(pcmcia, pcmcia_device_id) = {
	{.match_flags = PCMCIA_DEV_ID_MATCH_MANF_ID | PCMCIA_DEV_ID_MATCH_CARD_ID,
	 .manf_id = 0x0101,
	 .card_id = 0x0589},
	{.match_flags = 0x1ff,
	 .manf_id = 1,
	 .card_id = 2,
	 .func_id = 3,
	 .function = 4,
	 .device_no = 5,
	 .prod_id_hash = {6, 7, 8, 9}},
	{}};
DONE(pcmcia);

TABLE(input,
      input_device_id) = {{.flags = INPUT_DEVICE_ID_MATCH_EVBIT | INPUT_DEVICE_ID_MATCH_KEYBIT |
				    INPUT_DEVICE_ID_MATCH_RELBIT,
			   .evbit = {0x6},
			   .keybit = {[1] = 0xffff, [4] = 0x1f},
			   .relbit = {3}},
			  {.flags = 0xffff,
			   .bustype = 3,
			   .vendor = 1,
			   .product = 2,
			   .version = 4,
			   .evbit = {1},
			   .keybit = {[11] = 1UL << 63},
			   .absbit = {1UL << 63},
			   .mscbit = {0x80},
			   .ledbit = {1},
			   .sndbit = {2},
			   .ffbit = {0, 1},
			   .swbit = {1 << 16}},
			  {.driver_info = 1},
			  {}};
DONE(input);

TABLE(eisa, eisa_device_id) = {{.sig = "ADP7770"}, {}};
DONE(eisa);

TABLE(sdio,
      sdio_device_id) = {{.class = 7, .vendor = 0x2d0, .device = 0xa9a6},
			 {.class = (u8)SDIO_ANY_ID, .vendor = 0x271, .device = (u16)SDIO_ANY_ID},
			 {}};
DONE(sdio);

TABLE(ssb, ssb_device_id) = {
	SSB_DEVICE(0x4243, 0x812, 5), SSB_DEVICE(0x4243, SSB_ANY_ID, SSB_ANY_REV), {}};
DONE(ssb);

TABLE(bcma, bcma_device_id) = {
	BCMA_CORE(0x4bf, 0x812, 0x11, BCMA_ANY_CLASS), BCMA_CORE(0x4bf, BCMA_ANY_ID, 1, 2), {}};
DONE(bcma);

TABLE(virtio, virtio_device_id) = {
	{.device = 1, .vendor = VIRTIO_DEV_ANY_ID}, {.device = 2, .vendor = 0x1af4}, {}};
DONE(virtio);

TABLE(vmbus, hv_vmbus_device_id) = {{.guid = GUID_INIT(0xf8615163, 0xdf3e, 0x46c5, 0x91, 0x3f, 0xf2,
						       0xd2, 0xf9, 0x65, 0xed, 0x0e)},
				    {}};
DONE(vmbus);

TABLE(rpmsg, rpmsg_device_id) = {{.name = "rpmsg-client-sample"}, {}};
DONE(rpmsg);

TABLE(i2c, i2c_device_id) = {{"lm75"}, {"a-name-of-19-letters"}, {}};
DONE(i2c);

TABLE(i3c,
      i3c_device_id) = {{.match_flags = I3C_MATCH_DCR, .dcr = 0x46},
			{.match_flags = I3C_MATCH_MANUF | I3C_MATCH_PART | I3C_MATCH_EXTRA_INFO,
			 .manuf_id = 0x104,
			 .part_id = 0x6c,
			 .extra_info = 0x8},
			{}};
DONE(i3c);

TABLE(spi, spi_device_id) = {{"m25p80"}, {"w25q128"}, {}};
DONE(spi);

TABLE(dmi, dmi_system_id) = {
	{.ident = "one",
	 .matches = {DMI_MATCH(DMI_SYS_VENDOR, "LENOVO"),
		     DMI_MATCH(DMI_PRODUCT_VERSION, "ThinkPad T60:")}},
	{.ident = "two",
	 .matches = {DMI_EXACT_MATCH(DMI_CHASSIS_TYPE, "10"), DMI_MATCH(DMI_BIOS_VENDOR, "A"),
		     DMI_MATCH(DMI_PRODUCT_UUID, "not shown")}},
	{}};
DONE(dmi);

TABLE(platform, platform_device_id) = {{"a-name-of-19-letter"}, {"dm9000"}, {}};
DONE(platform);

TABLE(mdio, mdio_device_id) = {{0x00221550, 0xfffffff0}, {0xffffffff, 0xffffffff}, {}};
DONE(mdio);

TABLE(amba, amba_id) = {{.id = 0x00041180, .mask = 0x000fffff},
			{.id = 0x12340000, .mask = 0x7ff51234 & ~0x1234},
			{}};
DONE(amba);

TABLE(x86cpu, x86_cpu_id) = {{.vendor = 0, .family = 6, .model = 0x9e, .feature = X86_FEATURE_ANY},
			     {.vendor = X86_VENDOR_ANY, .feature = 0x81},
			     {.family = 0x10},
			     {}};
DONE(x86cpu);

TABLE(cpu, cpu_feature) = {{0x12}, {}};
DONE(cpu);

TABLE(ipack, ipack_device_id) = {{.format = 1, .vendor = 0xf0, .device = 0x22},
				 {.format = IPACK_ANY_FORMAT, .vendor = IPACK_ANY_ID, .device = 1},
				 {}};
DONE(ipack);

TABLE(rapidio, rio_device_id) = {
	{.did = 0x20, .vid = 0x38, .asm_did = RIO_ANY_ID, .asm_vid = 4},
	{.did = RIO_ANY_ID, .vid = RIO_ANY_ID, .asm_did = RIO_ANY_ID, .asm_vid = RIO_ANY_ID},
	{}};
DONE(rapidio);

TABLE(ulpi, ulpi_device_id) = {{0x0451, 0x150f}, {}};
DONE(ulpi);

TABLE(fslmc, fsl_mc_device_id) = {{.vendor = 0x1957, .obj_type = "dpni"}, {}};
DONE(fslmc);

TABLE(tbsvc, tb_service_id) = {
	{.match_flags = TBSVC_MATCH_PROTOCOL_KEY | TBSVC_MATCH_PROTOCOL_ID,
	 .protocol_key = "network",
	 .protocol_id = 1},
	{.match_flags = TBSVC_MATCH_PROTOCOL_VERSION | TBSVC_MATCH_PROTOCOL_REVISION,
	 .protocol_version = 2,
	 .protocol_revision = 3},
	{}};
DONE(tbsvc);

TABLE(typec, typec_device_id) = {{.svid = 0xff01, .mode = TYPEC_ANY_MODE}, {0xff01, 1}, {}};
DONE(typec);

TABLE(wmi, wmi_device_id) = {
	{.guid_string = "95F24279-4D7B-4334-9387-ACCDC67EF61C"}, {.guid_string = "short"}, {}};
DONE(wmi);

TABLE(mhi, mhi_device_id) = {{.chan = "IPCR"}, {}};
DONE(mhi);

TABLE(mhi_ep, mhi_device_id) = {{.chan = "IP_SW0"}, {}};
DONE(mhi_ep);

TABLE(auxiliary, auxiliary_device_id) = {{.name = "mlx5_core.eth"}, {}};
DONE(auxiliary);

TABLE(ssam,
      ssam_device_id) = {{.match_flags = SSAM_MATCH_TARGET | SSAM_MATCH_FUNCTION,
			  .domain = 1,
			  .category = 2,
			  .target = 3,
			  .instance = 4,
			  .function = 5},
			 {.match_flags = SSAM_MATCH_INSTANCE, .category = 0x15, .instance = 1},
			 {}};
DONE(ssam);

TABLE(dfl, dfl_device_id) = {{1, 0x20}, {}};
DONE(dfl);

TABLE(ishtp, ishtp_device_id) = {{.guid = GUID_INIT(0x33aecd58, 0xb679, 0x4e54, 0x9b, 0xd9, 0xa0,
						    0x4d, 0x34, 0xf0, 0xc2, 0x26)},
				 {}};
DONE(ishtp);

TABLE(tee, tee_client_device_id) = {
	{UUID_INIT(0xab7a617c, 0xb8e7, 0x4d8f, 0x83, 0x01, 0xd0, 0x9b, 0x61, 0x03, 0x6b, 0x64)},
	{}};
DONE(tee);

TABLE(mei, mei_cl_device_id) = {{.name = "nfc",
				 .version = MEI_CL_VERSION_ANY,
				 .uuid = UUID_LE(0x0bb17a78, 0x2a8e, 0x4c50, 0x94, 0xd4, 0x50, 0x26,
						 0x67, 0x23, 0x77, 0x5c)},
				{.version = 2,
				 .uuid = UUID_LE(0x0bb17a79, 0x2a8e, 0x4c50, 0x94, 0xd4, 0x50, 0x26,
						 0x67, 0x23, 0x77, 0x5c)},
				{}};
DONE(mei);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
TABLE(slim, slim_device_id) = {{.manf_id = 0x217, .prod_code = 0x250}, {}};
DONE(slim);

TABLE(cdx, cdx_device_id) = {{.vendor = 0x10ee,
			      .device = 0x1001,
			      .subvendor = CDX_ANY_ID,
			      .subdevice = CDX_ANY_ID,
			      .class = 0x123456,
			      .class_mask = 0xffffff},
			     {.vendor = CDX_ANY_ID,
			      .device = CDX_ANY_ID,
			      .subvendor = 1,
			      .subdevice = 2,
			      .override_only = CDX_ID_F_VFIO_DRIVER_OVERRIDE},
			     {}};
DONE(cdx);

TABLE(vchiq, vchiq_device_id) = {{"bcm2835-audio"}, {}};
DONE(vchiq);

TABLE(coreboot, coreboot_device_id) = {{.tag = 0x12}, {}};
DONE(coreboot);
#endif
